import { describe, expect, it } from 'vitest';
import { PendingTurns, angleBetween, angleOf, turnTowards } from '../src/arena/aim.js';

describe('aiming', () => {
  it.each([
    [0, 10, 10], [10, 0, -10], [250, 4, 10], [4, 250, -10], [0, 127, 127], [0, 128, -128],
  ])('the short way from %d to %d is %d', (from, to, want) => {
    expect(angleBetween(from, to)).toBe(want);
  });

  it('has y growing downwards', () => {
    expect([angleOf(1, 0), angleOf(0, 1), angleOf(0, -1)]).toEqual([0, 64, -64]);
  });

  it('turns only if a step gets nearer', () => {
    expect([turnTowards(0, 2), turnTowards(0, 3), turnTowards(0, -3), turnTowards(255, 4)]).toEqual([0, 1, -1, 1]);
  });

  it('comes to rest on its aim although it sees itself late', () => {
    const rate = 30;
    const late = 6; // ticks
    const pending = new PendingTurns();
    const angles = [0];
    for (let tick = 0; tick < 120; tick++) {
      const now = (tick * 1000) / rate;
      const seen = angles[Math.max(0, tick - late)] ?? 0;
      const turn = turnTowards(seen + pending.angle(now, (late * 1000) / rate, rate), 70);
      pending.note(now, turn);
      angles.push((angles[tick] ?? 0) + 4 * turn);
    }
    expect(Math.max(...angles)).toBeLessThanOrEqual(76); // no swinging past
    expect(new Set(angles.slice(-30)).size).toBe(1);
    expect(Math.abs((angles.at(-1) ?? 0) - 70)).toBeLessThanOrEqual(4);
  });
});
