import type { Table } from '@tickwire/client';
import { describe, expect, it } from 'vitest';
import { scatter } from '../src/world/ground.js';
import { companions } from '../src/world/hud.js';
import { heatOf } from '../src/world/map.js';
import { canTake, heading, loot, radiusOf, type Name, type Walker } from '../src/world/model.js';
import { observe, speed, turn, type Gait } from '../src/world/motion.js';

describe('the rules that the page knows', () => {
  it.each([
    ['right', 5, 0, 1, 0],
    ['almost right', 5, -2, 1, 0],
    ['aslant', 5, -2.1, 1, -1],
    ['down', 0, 3, 0, 1],
    ['up and left', -4, -4, -1, -1],
    ['nowhere', 0, 0, 0, 0],
  ])('a way %s is one of eight directions', (_, x, y, dx, dy) => {
    const walk = heading(x, y);
    expect([walk.dx + 0, walk.dy + 0]).toEqual([dx, dy]);
  });

  it('half a unit wide at first, and 2.3 at last', () => {
    expect([radiusOf(5), radiusOf(50)].map((radius) => radius.toFixed(2))).toEqual(['0.51', '2.27']);
  });

  it.each([[10, 5, true], [11, 5, true], [10, 6, false], [50, 25, true], [50, 26, false], [9, 5, false], [5, 5, false]])('of size %d takes from size %d: %s', (by, target, want) => {
    expect(canTake(by, target)).toBe(want);
  });

  it.each([
    [{ berries: 3, shells: 0, stones: 0 }, '3 berries'],
    [{ berries: 1, shells: 1, stones: 0 }, '1 berry and 1 shell'],
    [{ berries: 2, shells: 1, stones: 4 }, '2 berries, 1 shell and 4 stones'],
    [{ berries: 0, shells: 0, stones: 0 }, 'nothing'],
  ])('says what was taken: %j', (event, want) => {
    expect(loot(event)).toBe(want);
  });
});

describe('the band', () => {
  const names = new Map<number, Name>([[2, { name: 'Bob', band: 1, away: false }]]) as unknown as Table<Name>;

  it('is listed without oneself, the nearest first, with the way to go', () => {
    const mates: [number, { x: number; y: number }][] = [[1, { x: 10, y: 10 }], [2, { x: 10, y: 110 }], [3, { x: -40, y: 10 }]];
    const band = companions(mates, names, 1, { x: 10, y: 10 });
    expect(band.map(({ id, name, distance }) => [id, name, distance])).toEqual([[3, '', 50], [2, 'Bob', 100]]);
    expect(band.map(({ angle }) => angle)).toEqual([Math.PI, Math.PI / 2]);
  });
});

describe('a gait', () => {
  const walker = (change: Partial<Walker> = {}): Walker => ({ x: 0, y: 0, angle: 0, size: 5, run: false, ...change });
  const watch = (seconds: number, at: (time: number) => Walker): Gait => {
    const gaits = new Map<number, Gait>();
    for (let time = 0; time <= seconds; time += 1 / 60) observe(gaits, 1, at(time), time, 1 / 60);
    return gaits.get(1) as Gait;
  };

  it('has the speed that is seen, and legs that move with it', () => {
    const gait = watch(1, (time) => walker({ x: 6 * time }));
    expect(speed(gait)).toBeCloseTo(6, 1);
    expect(gait.stride).toBeGreaterThan(10);
    expect(watch(1, () => walker()).stride).toBe(1);
  });

  it('turns the short way round', () => {
    expect([turn(0, 1), turn(0.1, 2 * Math.PI - 0.1), turn(-3, 3)].map((angle) => angle.toFixed(2))).toEqual(['1.00', '-0.20', '-0.28']);
    const gait = watch(0.1, (time) => walker({ angle: time < 0.02 ? 240 : 16 }));
    expect(gait.look).toBeGreaterThan((240 / 128) * Math.PI); // on past 256, not back through 128
  });

  it('shows that somebody has grown, and forgets it', () => {
    expect(watch(0.2, (time) => walker({ size: time < 0.1 ? 5 : 6 })).grown).toBeGreaterThan(0.5);
    const later = watch(1.5, (time) => walker({ size: time < 0.1 ? 5 : 6 }));
    expect([later.grown, Math.round(later.size * 100)]).toEqual([0, 600]);
  });

  it('has no speed after a jump', () => {
    expect(speed(watch(0.1, (time) => walker({ x: time < 0.08 ? 0 : 100 })))).toBeLessThan(1);
  });
});

describe('what is painted', () => {
  it('is the same everywhere, and spread evenly', () => {
    const all = Array.from({ length: 4000 }, (_, i) => scatter(i % 63, Math.floor(i / 63) - 31));
    expect(scatter(3, -4)).toBe(scatter(3, -4));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThan(1);
    expect(all.reduce((sum, one) => sum + one, 0) / all.length).toBeCloseTo(0.5, 1);
    expect(new Set(all).size).toBeGreaterThan(3900);
  });

  it('shows crowds hotter than others, and nobody not at all', () => {
    expect(heatOf(0)[3]).toBe(0);
    const alphas = [1, 4, 9, 15, 99].map((cell) => heatOf(cell)[3]);
    expect(alphas).toEqual([...alphas].sort((a, b) => a - b));
    for (const cell of [0, 1, 8, 15]) for (const part of heatOf(cell)) expect(part >= 0 && part <= 255 && Number.isInteger(part)).toBe(true);
  });
});
