import type { Point } from '../canvas/camera.js';
import { dragPerSecond, radians, thrustPower, type Ship } from './model.js';

/** What can be told about a ship only by having watched it: the server sends where it is, not what it does. */
export interface Motion extends Point {
  vx: number;
  vy: number;
  hp: number;
  /** How hard the engine burns, 0 to 1. */
  flame: number;
  /** Whiteness after a hit, 1 fading to 0. */
  flash: number;
  seen: number;
}

/** What happened to a ship between two drawn frames. */
export type Change = 'none' | 'new' | 'hit' | 'destroyed' | 'back';

const smoothing = 0.09; // s, about three ticks: less flickers, more lags

/** Takes a ship as it is drawn now and says what happened. Times in seconds. */
export function observe(motions: Map<number, Motion>, id: number, ship: Ship, now: number, seconds: number): { motion: Motion; change: Change } {
  const known = motions.get(id);
  if (!known) {
    const motion = { x: ship.x, y: ship.y, vx: 0, vy: 0, hp: ship.hp, flame: 0, flash: 0, seen: now };
    motions.set(id, motion);
    return { motion, change: 'new' };
  }
  const change = ship.hp === known.hp ? 'none' : known.hp === 0 ? 'back' : ship.hp === 0 ? 'destroyed' : ship.hp < known.hp ? 'hit' : 'none';
  if (change === 'hit' || change === 'destroyed') known.flash = 1;
  const jumped = Math.hypot(ship.x - known.x, ship.y - known.y) > 3;
  if (jumped || change === 'back' || seconds <= 0) known.vx = known.vy = known.flame = 0;
  else burn(known, ship, seconds);
  known.flash = Math.max(0, known.flash - seconds * 5);
  known.x = ship.x;
  known.y = ship.y;
  known.hp = ship.hp;
  known.seen = now;
  return { motion: known, change };
}

/** Works out the engine's power: what accelerates a ship along its nose, beyond drag, must be thrust. */
function burn(motion: Motion, ship: Ship, seconds: number): void {
  const part = 1 - Math.exp(-seconds / smoothing);
  const vx = motion.vx + ((ship.x - motion.x) / seconds - motion.vx) * part;
  const vy = motion.vy + ((ship.y - motion.y) / seconds - motion.vy) * part;
  const nose = radians(ship.angle);
  const power = ((vx - motion.vx) / seconds + dragPerSecond * vx) * Math.cos(nose) + ((vy - motion.vy) / seconds + dragPerSecond * vy) * Math.sin(nose);
  const want = ship.hp > 0 ? Math.max(0, Math.min(1, power / thrustPower)) : 0;
  motion.flame += (want - motion.flame) * (1 - Math.exp(-seconds / 0.12));
  motion.vx = vx;
  motion.vy = vy;
}
