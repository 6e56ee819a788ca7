import { describe, expect, it } from 'vitest';
import { edgePoint, follow, keepInside, outside, toScreen, toWorld, zoomFor, type Camera } from '../src/canvas/camera.js';

const camera: Camera = { x: 10, y: -5, zoom: 20, width: 800, height: 400 };

describe('camera', () => {
  it('maps its middle to the middle of the screen, and back', () => {
    expect(toScreen(camera, camera)).toEqual({ x: 400, y: 200 });
    const point = { x: 17.25, y: -3.5 };
    expect(toWorld(camera, toScreen(camera, point))).toEqual(point);
  });

  it('shows the same area on every screen', () => {
    for (const [width, height] of [[1920, 1080], [390, 844], [800, 800]] as const) {
      const zoom = zoomFor(width, height, 820);
      expect((width / zoom) * (height / zoom)).toBeCloseTo(820);
    }
    expect(zoomFor(0, 0)).toBeGreaterThan(0); // a hidden page
  });

  it.each([
    ['inside nothing is changed', { x: 3, y: 4 }, { width: 200, height: 200 }, { x: 3, y: 4 }],
    ['at the border it stops, a margin outside', { x: 99, y: -99 }, { width: 200, height: 200 }, { x: 82, y: -92 }],
    ['a world smaller than the screen is in the middle', { x: 5, y: 5 }, { width: 10, height: 200 }, { x: 0, y: 5 }],
  ])('%s', (_, target, world, want) => {
    expect(keepInside(camera, target, world, 2)).toEqual(want);
  });

  it('follows along the same path whatever the frame rate', () => {
    const target = { x: 4, y: 0 };
    const once = follow({ x: 0, y: 0 }, target, 0.1);
    let often = { x: 0, y: 0 };
    for (let i = 0; i < 10; i++) often = follow(often, target, 0.01);
    expect(often.x).toBeCloseTo(once.x);
    expect(once.x).toBeGreaterThan(0);
    expect(once.x).toBeLessThan(4);
  });

  it('cuts to a far target instead of racing over the map', () => {
    expect(follow({ x: 0, y: 0 }, { x: 50, y: 1 }, 0.016)).toEqual({ x: 50, y: 1 });
  });

  it('points at what is off the screen, and only at that', () => {
    const inset = { x: 20, y: 50 };
    expect(edgePoint(camera, { x: 799, y: 200 }, inset)).toBeUndefined();
    expect(edgePoint(camera, { x: 4000, y: 200 }, inset)).toEqual({ x: 780, y: 200, angle: 0 });
    const up = edgePoint(camera, { x: 400, y: -900 }, inset);
    expect(up?.y).toBeCloseTo(50);
    expect(up?.angle).toBeCloseTo(-Math.PI / 2);
  });

  const middle = { x: 400, y: 200 };
  const corner = { left: 600, top: 300, right: 800, bottom: 400 };
  it.each([
    ['what is free stays', { x: 780, y: 200 }, [corner], { x: 780, y: 200 }],
    ['out of a corner, towards the middle', { x: 780, y: 390 }, [corner], { x: 590, y: 295 }],
    ['straight up, over a box at the bottom', { x: 400, y: 390 }, [{ left: 300, top: 350, right: 500, bottom: 400 }], { x: 400, y: 340 }],
    ['out of one box into the next, and out of that', { x: 780, y: 200 }, [{ left: 700, top: 100, right: 800, bottom: 300 }, { left: 600, top: 100, right: 700, bottom: 300 }], { x: 590, y: 200 }],
    ['never past the middle', { x: 410, y: 200 }, [{ left: 300, top: 100, right: 500, bottom: 300 }], { x: 410, y: 200 }],
  ])('%s', (_, point, boxes, want) => {
    const free = outside(point, middle, boxes, 10);
    expect(free.x).toBeCloseTo(want.x);
    expect(free.y).toBeCloseTo(want.y);
  });
});
