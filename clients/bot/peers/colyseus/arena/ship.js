// How ships of the arena fly: the rules of game/samples/arena, in the same integers. Lengths in 1/1024 of a unit, angles in
// 1/256 of a turn, times in ticks.

export const UNIT = 1024;
export const WIDTH = 96;
export const HEIGHT = 60;
export const MAX_HP = 5;

/** A cell is how finely clients see a ship. */
export const CELL = 32;
export const RADIUS = 26 * CELL;

const TURN = 4;
const THRUST = 14;
const REVERSE = 7;
export const COOLDOWN = 20;
export const RESPAWN = 60;
const SHIELD = 45;

const quarter = [
  0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370, 4756, 5139, 5520, 5897, 6270, 6639, 7005, 7366, 7723,
  8076, 8423, 8765, 9102, 9434, 9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160,
  13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426, 15557, 15679, 15791, 15893, 15986,
  16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384,
];

/** The sine of a/256 of a turn, times 16384. */
export const SIN = Int32Array.from({ length: 256 }, (_, a) => {
  const i = a & 63;
  const value = (a >> 6) & 1 ? quarter[64 - i] : quarter[i];
  return a >> 7 ? -value : value;
});

/**
 * @param {number} angle
 * @returns {number} its cosine
 */
export const cos = (angle) => SIN[(angle + 64) & 255];

/**
 * @param {number} angle
 * @returns {number} its sine
 */
export const sin = (angle) => SIN[angle & 255];

/**
 * @param {number} length
 * @param {number} trig
 * @returns {number} the part of a length in the direction with that sine or cosine
 */
export const along = (length, trig) => (length * trig + 8192) >> 14;

/**
 * @param {number} v
 * @returns {number} a speed less its drag
 */
const drag = (v) => (v > 0 ? v - (v >> 5) - 1 : v < 0 ? v + (-v >> 5) + 1 : 0);

export class Ship {
  x = 0;
  y = 0;
  angle = 0;
  hp = 0;
  shield = false;
  vx = 0;
  vy = 0;
  cooldown = 0;
  wait = 0;

  // The player's newest input.
  thrust = 0;
  turn = 0;
  fire = false;

  score = 0;
  deaths = 0;
  away = false;

  /** @param {number} id */
  constructor(id) {
    this.id = id;
  }

  /** @param {import("../rand.js").Rand} rand */
  spawn(rand) {
    this.x = rand.range(-WIDTH / 2 + 1, WIDTH / 2 - 1) * UNIT;
    this.y = rand.range(-HEIGHT / 2 + 1, HEIGHT / 2 - 1) * UNIT;
    this.angle = rand.below(256 / TURN) * TURN;
    this.hp = MAX_HP;
    this.shield = true;
    this.wait = SHIELD;
    this.vx = this.vy = this.cooldown = 0;
  }

  /**
   * Turns, accelerates and goes on by one tick.
   * @param {number} thrust
   * @param {number} turn
   */
  fly(thrust, turn) {
    this.angle = (this.angle + TURN * turn) & 255;
    const power = thrust > 0 ? THRUST : thrust < 0 ? -REVERSE : 0;
    this.vx = drag(this.vx + along(power, cos(this.angle)));
    this.vy = drag(this.vy + along(power, sin(this.angle)));
    const right = (WIDTH * UNIT) / 2 - RADIUS;
    const bottom = (HEIGHT * UNIT) / 2 - RADIUS;
    this.x += (this.vx + CELL / 2) & ~(CELL - 1);
    if (this.x > right || this.x < -right) {
      this.x = this.x > 0 ? right : -right;
      this.vx = (-this.vx / 2) | 0;
    }
    this.y += (this.vy + CELL / 2) & ~(CELL - 1);
    if (this.y > bottom || this.y < -bottom) {
      this.y = this.y > 0 ? bottom : -bottom;
      this.vy = (-this.vy / 2) | 0;
    }
  }

  /** Lets the gun cool and the shield fade. */
  tire() {
    if (this.cooldown > 0) this.cooldown--;
    if (this.wait > 0) this.wait--;
    if (this.wait === 0) this.shield = false;
  }
}
