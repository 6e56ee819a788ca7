import { turnPerTick } from './model.js';

/** The shortest way round from one angle to another, in 1/256 of a turn: -128 to 127. */
export function angleBetween(from: number, to: number): number {
  return ((((to - from + 128) % 256) + 256) % 256) - 128;
}

/** The angle of a direction in 1/256 of a turn. */
export function angleOf(dx: number, dy: number): number {
  return (Math.atan2(dy, dx) / Math.PI) * 128;
}

/** Which way to turn to get to an angle; 0 if no single step gets nearer. */
export function turnTowards(from: number, to: number): -1 | 0 | 1 {
  const way = angleBetween(from, to);
  if (Math.abs(way) <= turnPerTick / 2) return 0;
  return way > 0 ? 1 : -1;
}

/**
 * Remembers turns that were sent and cannot be seen yet, because the answer takes a round trip. Without it, turning
 * towards something would swing past it and back for ever.
 */
export class PendingTurns {
  private readonly sent: { at: number; turn: number }[] = [];

  /** The direction from now on. Milliseconds. */
  note(now: number, turn: number): void {
    if (this.sent.at(-1)?.turn !== turn) this.sent.push({ at: now, turn });
  }

  /** The angle that is still to come from the turns of the last `delay` milliseconds, at `rate` ticks a second. */
  angle(now: number, delay: number, rate: number): number {
    const since = now - delay;
    let sum = 0;
    for (const [i, { at, turn }] of this.sent.entries()) {
      const end = this.sent[i + 1]?.at ?? now;
      sum += turn * Math.max(0, end - Math.max(at, since));
    }
    while (this.sent.length > 1 && (this.sent[1]?.at ?? now) <= since) this.sent.shift();
    return (sum / 1000) * rate * turnPerTick;
  }
}
