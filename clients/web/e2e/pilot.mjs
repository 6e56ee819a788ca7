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

/** Hunts a player with the keyboard until done says so. It looks again after every press, so nothing depends on timing. */
export async function hunt(page, own, target, done, milliseconds) {
  const keys = new Keys(page);
  const end = Date.now() + milliseconds;
  try {
    while (!(await done())) {
      if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: the target is hit (own ${JSON.stringify(await shipIn(page, own))}, target ${JSON.stringify(await shipIn(page, target))})`);
      const me = await shipIn(page, own);
      const it = await shipIn(page, target);
      if (!me || !it) throw new Error('a ship is missing');
      const want = (Math.atan2(it.y - me.y, it.x - me.x) / Math.PI) * 128;
      const turn = ((((want - me.angle + 128) % 256) + 256) % 256) - 128;
      const distance = Math.hypot(it.x - me.x, it.y - me.y);
      const pressed = [];
      if (Math.abs(turn) > 4) pressed.push(turn > 0 ? 'ArrowRight' : 'ArrowLeft');
      if (Math.abs(turn) < 24 && distance > 7) pressed.push('ArrowUp');
      if (Math.abs(turn) < 24 && distance < 20) pressed.push('Space');
      await keys.hold(...pressed);
    }
  } finally {
    await keys.hold();
  }
}
