// How shots of the arena fly and hit.

import { along, cos, HEIGHT, RADIUS, sin, UNIT, WIDTH } from "./ship.js";

const SPEED = 1408;
const LIFE = 24;
const SHOT_CELL = 64;
const REACH = SPEED + SHOT_CELL + RADIUS;

export class Shot {
  /** @param {import("./ship.js").Ship} ship */
  constructor(ship) {
    const dx = cos(ship.angle);
    const dy = sin(ship.angle);
    this.x = ship.x + along(RADIUS, dx);
    this.y = ship.y + along(RADIUS, dy);
    this.vx = along(SPEED / SHOT_CELL, dx) * SHOT_CELL;
    this.vy = along(SPEED / SHOT_CELL, dy) * SHOT_CELL;
    this.angle = ship.angle;
    this.owner = ship.id;
    this.life = LIFE;
    /** What the room keeps with it. @type {any} */
    this.row = undefined;
  }

  /** @returns {boolean} whether it is still there after one more tick */
  fly() {
    this.x += this.vx;
    this.y += this.vy;
    this.life--;
    const right = (WIDTH * UNIT) / 2;
    const bottom = (HEIGHT * UNIT) / 2;
    return this.x >= -right && this.x <= right && this.y >= -bottom && this.y <= bottom && this.life > 0;
  }

  /**
   * @param {import("./ship.js").Ship[]} targets
   * @returns {import("./ship.js").Ship | undefined} the nearest ship on its way in this tick
   */
  first(targets) {
    let best;
    let nearest = 0;
    for (const ship of targets) {
      if (ship.id === this.owner || ship.hp === 0) continue;
      const at = this.#crosses(ship);
      if (at !== undefined && (best === undefined || at < nearest)) {
        best = ship;
        nearest = at;
      }
    }
    return best;
  }

  /**
   * @param {import("./ship.js").Ship} ship
   * @returns {number | undefined} how far along its way in this tick it touches a ship
   */
  #crosses(ship) {
    const x = ship.x - this.x;
    const y = ship.y - this.y;
    if (x > REACH || x < -REACH || y > REACH || y < -REACH) return undefined;
    const { vx, vy } = this;
    const ahead = x * vx + y * vy;
    const length = vx * vx + vy * vy;
    let hit;
    if (ahead <= 0) {
      hit = x * x + y * y <= RADIUS * RADIUS;
    } else if (ahead >= length) {
      hit = (x - vx) * (x - vx) + (y - vy) * (y - vy) <= RADIUS * RADIUS;
    } else {
      const across = x * vy - y * vx;
      hit = across * across <= RADIUS * RADIUS * length;
    }
    return hit ? ahead : undefined;
  }
}
