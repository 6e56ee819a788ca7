// The same source of chance as the rooms of Tickwire: with the same seed both draw the same numbers, so a test can play
// one match on both and compare them. PCG-XSH-RR with 64 bits of state.

const MASK = (1n << 64n) - 1n;
const MULTIPLIER = 6364136223846793005n;

export class Rand {
  #state = 0n;
  #inc;

  /** @param {number} seed */
  constructor(seed) {
    this.#inc = ((BigInt(seed) * 0x9e3779b97f4a7c15n) | 1n) & MASK;
    this.uint32();
    this.#state = (this.#state + BigInt(seed)) & MASK;
    this.uint32();
  }

  /** @returns {number} one of all 32-bit numbers */
  uint32() {
    const old = this.#state;
    this.#state = (old * MULTIPLIER + this.#inc) & MASK;
    const x = Number((((old >> 18n) ^ old) >> 27n) & 0xffffffffn);
    const turn = Number(old >> 59n);
    return ((x >>> turn) | (x << (32 - turn) % 32)) >>> 0;
  }

  /**
   * @param {number} n
   * @returns {number} 0 to n-1
   */
  below(n) {
    const least = 2 ** 32 % n;
    for (;;) {
      const product = BigInt(this.uint32()) * BigInt(n);
      if (Number(product & 0xffffffffn) >= least) return Number(product >> 32n);
    }
  }

  /**
   * @param {number} low
   * @param {number} high
   * @returns {number} low to high, both possible
   */
  range(low, high) {
    return low + this.below(high - low + 1);
  }
}
