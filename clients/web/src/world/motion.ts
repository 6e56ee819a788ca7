import type { Point } from '../canvas/camera.js';
import type { Walker } from './model.js';

/** What can be told about a walker only by having watched it: the server sends where it is, not how it gets there. */
export interface Gait extends Point {
  /** Units a second. */
  vx: number;
  vy: number;
  /** Where it looks as it is drawn, in radians: it turns, and does not jump. */
  look: number;
  /** Its size as it is drawn. */
  size: number;
  /** How far its legs have come, in radians. */
  stride: number;
  /** 1 after it has grown, fading to 0. */
  grown: number;
  born: number; // when it was first seen, seconds
  seen: number;
}

const strideLength = 1.5; // units that a walker of the least size gets with a pair of steps

/** Takes a walker as it is drawn now. Times in seconds. */
export function observe(gaits: Map<number, Gait>, id: number, walker: Walker, now: number, seconds: number): Gait {
  const angle = (walker.angle / 128) * Math.PI;
  let gait = gaits.get(id);
  if (!gait) {
    gait = { x: walker.x, y: walker.y, vx: 0, vy: 0, look: angle, size: walker.size, stride: id, grown: 0, born: now, seen: now };
    gaits.set(id, gait);
    return gait;
  }
  const way = Math.hypot(walker.x - gait.x, walker.y - gait.y);
  if (seconds > 0 && way < 3) {
    const part = 1 - Math.exp(-seconds / 0.08);
    gait.vx += ((walker.x - gait.x) / seconds - gait.vx) * part;
    gait.vy += ((walker.y - gait.y) / seconds - gait.vy) * part;
    gait.stride += (way / (strideLength * (0.6 + walker.size / 12))) * 2 * Math.PI;
  } else if (way >= 3) gait.vx = gait.vy = 0;
  gait.look += turn(gait.look, angle) * (1 - Math.exp(-14 * seconds));
  if (walker.size > gait.size + 0.5 && gait.grown < 0.3) gait.grown = 1;
  gait.size += (walker.size - gait.size) * (1 - Math.exp(-8 * seconds));
  gait.grown = Math.max(0, gait.grown - 2 * seconds);
  gait.x = walker.x;
  gait.y = walker.y;
  gait.seen = now;
  return gait;
}

/** The shortest way round from one angle to another, in radians. */
export function turn(from: number, to: number): number {
  const way = (to - from) % (2 * Math.PI);
  return way > Math.PI ? way - 2 * Math.PI : way < -Math.PI ? way + 2 * Math.PI : way;
}

/** How fast it goes, in units a second. */
export function speed(gait: Gait): number {
  return Math.hypot(gait.vx, gait.vy);
}
