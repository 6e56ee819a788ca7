// How walkers of the world walk, in ticks of 1/20 s.

import { toCell, UNIT } from "./land.js";

export const RATE = 20;
export const MIN_SIZE = 5;
export const MAX_SIZE = 50;

const WALKING = Math.trunc((6 * UNIT) / RATE);
const RUNNING = Math.trunc((10 * UNIT) / RATE);
const SHRINK = 2 * RATE;
const WELCOME = 5 * RATE;
const DOWN = 64;

/** By dy+1 and dx+1. Who stands looks where it looked. */
export const ANGLES = [160, 192, 224, 128, 0, 0, 96, DOWN, 32];

/** @param {number} size @returns {number} how wide a walker is */
export const radius = (size) => 320 + 40 * size;

export class Walker {
  x = 0;
  y = 0;
  angle = DOWN;
  size = MIN_SIZE;
  run = false;
  away = false;
  worn = 0;
  swift = 0;
  hard = 0;
  safe = WELCOME;

  // The player's newest input.
  dx = 0;
  dy = 0;
  running = false;

  /** How many of each kind of food. */
  bag = [0, 0, 0];
  /** For how many seconds more what was eaten helps. */
  swiftSeconds = 0;
  hardSeconds = 0;
  /** Where its band last heard that it is, in whole units. */
  mateX = 0;
  mateY = 0;

  /** Set when it has left. */
  gone = false;
  /** What the room keeps with it. @type {any} */
  row = undefined;

  /**
   * @param {number} id
   * @param {string} name
   */
  constructor(id, name) {
    this.id = id;
    this.name = name;
    /** @type {import("./band.js").Band | undefined} */
    this.band = undefined;
  }

  /** @param {(walker: Walker) => void} settle puts it where it can be */
  step(settle) {
    const { dx, dy } = this;
    this.run = this.running && (dx !== 0 || dy !== 0);
    if (dx === 0 && dy === 0) return;
    this.angle = ANGLES[(dy + 1) * 3 + dx + 1];
    const v = this.#pace(dx !== 0 && dy !== 0);
    this.x += v * dx;
    this.y += v * dy;
    settle(this);
  }

  /** @param {boolean} aslant */
  #pace(aslant) {
    let v = this.run ? RUNNING : WALKING;
    if (this.swift > 0) v += v >> 1;
    v = Math.trunc((v * (3 * MAX_SIZE - MIN_SIZE - this.size)) / (3 * MAX_SIZE - 2 * MIN_SIZE));
    if (aslant) v = (v * 181) >> 8;
    return toCell(v);
  }

  /** Makes who runs smaller, and ends the time in which nothing can be taken. */
  tire() {
    if (this.safe > 0) this.safe--;
    if (!this.run || ++this.worn < SHRINK) return;
    this.worn = 0;
    this.size = Math.max(this.size - 1, MIN_SIZE);
  }

  /** Counts down what it has eaten. */
  wearOff() {
    if (this.swift === 0 && this.hard === 0) return;
    this.swift = Math.max(this.swift, 1) - 1;
    this.hard = Math.max(this.hard, 1) - 1;
    if (this.swift % RATE !== 0 && this.hard % RATE !== 0) return;
    this.swiftSeconds = Math.trunc((this.swift + RATE - 1) / RATE);
    this.hardSeconds = Math.trunc((this.hard + RATE - 1) / RATE);
  }

  /** Notes where its band hears that it is. */
  report() {
    this.mateX = (this.x + UNIT / 2) >> 10;
    this.mateY = (this.y + UNIT / 2) >> 10;
  }
}
