// Flies a ship by real key presses, from what the page's copy of the state says.

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

/** Both ships and the tick in which they are so. */
function sightIn(page, own, target) {
  return page.evaluate(([own, target]) => {
    const { state, stats, rate } = window.tickwire.room;
    const [me, it] = [state.ships.get(own), state.ships.get(target)];
    if (!me || !it) return undefined;
    const distance = Math.hypot(it.x - me.x, it.y - me.y);
    const want = (Math.atan2(it.y - me.y, it.x - me.x) / Math.PI) * 128;
    return { at: stats.tick / rate, distance, turn: ((((want - me.angle + 128) % 256) + 256) % 256) - 128, shield: it.shield, hp: it.hp };
  }, [own, target]);
}

/**
 * Hunts a player with the keyboard until done says so. It looks again after every press, so nothing depends on timing:
 * it comes close, without flying past, and shoots when the nose points at the target.
 */
export async function hunt(page, own, target, done, milliseconds) {
  const keys = new Keys(page);
  const end = Date.now() + milliseconds;
  const seen = [];
  try {
    while (!(await done())) {
      const sight = await sightIn(page, own, target);
      if (!sight) throw new Error('a ship is missing');
      if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: the target is hit (${JSON.stringify(seen.slice(-5))})`);
      if (sight.at === seen.at(-1)?.at) continue; // nothing new yet
      seen.push(sight);
      const { distance, turn, shield } = sight;
      const before = seen.findLast((it) => it.at < sight.at - 0.15) ?? seen[0];
      const closing = (before.distance - distance) / Math.max(0.03, sight.at - before.at); // units a second
      const width = (Math.atan2(0.8, distance) / Math.PI) * 128; // half of what the target covers of the circle
      const pressed = [];
      if (Math.abs(turn) > Math.max(3, width / 2)) pressed.push(turn > 0 ? 'ArrowRight' : 'ArrowLeft');
      if (Math.abs(turn) < 24 && distance - closing > 3) pressed.push('ArrowUp');
      if (Math.abs(turn) < width && distance < 20 && !shield) pressed.push('Space');
      await keys.hold(...pressed);
      Object.assign(sight, { closing, width, pressed: pressed.join('+'), wall: Date.now() - end + milliseconds });
    }
  } finally {
    if (process.env.HUNT) console.log(seen.map((s) => `${s.wall} ${s.at.toFixed(2)} d ${s.distance.toFixed(1)} c ${s.closing?.toFixed(1)} t ${s.turn.toFixed(1)} w ${s.width?.toFixed(1)} ${s.hp} ${s.shield} ${s.pressed}`).join('\n'));
    await keys.hold();
  }
}
