// Flies a ship by real key presses, from what the page's copy of the state says.
import { until } from './expect.mjs';

/** The ship and the health of a player as a page holds them. */
export function shipIn(page, player) {
  return page.evaluate((id) => {
    const ship = window.tickwire.room?.state.ships.get(id);
    return ship && { x: ship.x, y: ship.y, angle: ship.angle, hp: ship.hp, shield: ship.shield };
  }, player);
}

/** Holds exactly these keys. */
export class Keys {
  held = new Set();

  constructor(page) {
    this.page = page;
  }

  async hold(...wanted) {
    for (const key of [...this.held]) {
      if (wanted.includes(key)) continue;
      this.held.delete(key);
      await this.page.keyboard.up(key);
    }
    for (const key of wanted) {
      if (this.held.has(key)) continue;
      this.held.add(key);
      await this.page.keyboard.down(key);
    }
  }
}

/** Both ships, seen from one: where the other is, and in which second of the game. */
function sightIn(page, own, target) {
  return page.evaluate(([own, target]) => {
    const { state, stats, rate } = window.tickwire.room;
    const [me, it] = [state.ships.get(own), state.ships.get(target)];
    if (!me || !it) throw new Error('a ship is missing');
    const distance = Math.hypot(it.x - me.x, it.y - me.y);
    const want = (Math.atan2(it.y - me.y, it.x - me.x) / Math.PI) * 128;
    return { at: stats.tick / rate, distance, angle: me.angle, turn: ((((want - me.angle + 128) % 256) + 256) % 256) - 128, shield: it.shield };
  }, [own, target]);
}

/**
 * Hunts a player with the keyboard until done says so: turns, looks, flies nearer, looks, shoots. It never acts on a
 * picture that a key press may not have reached yet, so a slow machine makes it slow and not wrong.
 */
export async function hunt(page, own, target, done, milliseconds) {
  const keys = new Keys(page);
  const end = Date.now() + milliseconds;
  const look = () => sightIn(page, own, target);
  let sight = await look();
  try {
    while (!(await done())) {
      if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: the target is hit (${JSON.stringify(sight)})`);
      const width = (Math.atan2(0.8, sight.distance) / Math.PI) * 128; // half of what the target covers of the circle
      if (Math.abs(sight.turn) > Math.max(3, 0.7 * width)) {
        await keys.hold(sight.turn > 0 ? 'ArrowRight' : 'ArrowLeft');
        await pause((Math.abs(sight.turn) / 120) * 1000); // a ship turns 120 of 256 a second
        await keys.hold();
        sight = await settled(look, sight.angle);
        continue;
      }
      const before = sight;
      await keys.hold(...(sight.distance > 4 ? ['ArrowUp', 'Space'] : ['Space']));
      // Engine off early enough to drift there: in a second drag takes most of the speed.
      sight = await until('the game goes on', async () => {
        const now = await look();
        const speed = (before.distance - now.distance) / Math.max(0.1, now.at - before.at);
        return (now.distance - speed < 3 || now.at - before.at > 0.8) && now.at - before.at > 0.3 && now;
      });
      if (sight.distance > 4) await keys.hold();
    }
  } finally {
    await keys.hold();
  }
}

/** Waits until a press has shown in the angle, and the angle then stays as it is. */
async function settled(look, before) {
  let last = await look();
  const start = last.at;
  return until('the ship turns as told', async () => {
    const now = await look();
    if (now.angle === before && now.at - start < 1.5) return undefined;
    if (now.angle !== last.angle) last = now;
    return now.at - last.at > 0.2 && now;
  });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
