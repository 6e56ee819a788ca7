import type { Table } from '@tickwire/client';
import { toWorld, type Camera, type Point } from '../canvas/camera.js';
import { fit } from '../canvas/paint.js';
import { hsl } from '../color.js';
import type { Ship } from './model.js';

const dot = 2.3; // pixels
const ownDot = 3.4;

/** A small map of the whole arena, drawn into its own canvas so that the page can place it. */
export class Radar {
  readonly canvas = document.createElement('canvas');
  private last = -1;

  constructor() {
    this.canvas.className = 'radar';
    this.canvas.setAttribute('aria-hidden', 'true');
  }

  draw(now: number, camera: Camera, world: { width: number; height: number }, ships: Table<Ship>, own: number, hue: (id: number) => number, away: (id: number) => boolean): void {
    if (now - this.last < 0.06) return; // 15 times a second is enough for dots
    this.last = now;
    const map = fit(this.canvas);
    if (!map) return;
    const { context, width, height, scale } = map;
    // The map keeps a dot's radius free all around, or ships in the corners would be cut off.
    const edge = (ownDot + 1) * scale;
    const px = (width - 2 * edge) / world.width;
    const py = (height - 2 * edge) / world.height;
    const toMap = (x: number, y: number): [number, number] => [edge + (x + world.width / 2) * px, edge + (y + world.height / 2) * py];
    context.clearRect(0, 0, width, height);
    context.strokeStyle = 'rgb(180 205 255 / .28)';
    context.lineWidth = scale;
    const [left, top] = toMap(...inside(world, toWorld(camera, { x: 0, y: 0 })));
    const [right, bottom] = toMap(...inside(world, toWorld(camera, { x: camera.width, y: camera.height })));
    context.strokeRect(left, top, right - left, bottom - top);
    for (const [id, ship] of ships) {
      if (ship.hp === 0) continue;
      context.fillStyle = hsl(hue(id), id === own ? 80 : 64, away(id) ? 0.4 : 1);
      context.beginPath();
      context.arc(...toMap(ship.x, ship.y), (id === own ? ownDot : dot) * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** The point of the world nearest to one that may lie outside. */
function inside(world: { width: number; height: number }, { x, y }: Point): [number, number] {
  const clamp = (at: number, half: number) => Math.max(-half, Math.min(half, at));
  return [clamp(x, world.width / 2), clamp(y, world.height / 2)];
}
