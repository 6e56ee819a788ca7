// What ticks cost, as the histogram that bots read from Tickwire too.

const BOUNDS = [0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 35, 50, 75, 100, 150, 250, 500, 1000]; // ms

class Histogram {
  #counts = new Float64Array(BOUNDS.length + 1);

  /** @param {number} ms */
  observe(ms) {
    let i = 0;
    while (i < BOUNDS.length && ms > BOUNDS[i]) i++;
    this.#counts[i] = this.#counts[i] + 1;
  }

  /** @returns {string} the histogram in the text format of Prometheus */
  toString() {
    let sum = 0;
    const lines = [...this.#counts].map((n, i) => {
      sum += n;
      const bound = BOUNDS[i];
      return `tickwire_tick_cost_seconds_bucket{le="${bound === undefined ? "+Inf" : bound / 1000}"} ${sum}\n`;
    });
    return lines.join("");
  }
}

/** All ticks of all rooms: the game's step and the sending of what it changed. */
export const ticks = new Histogram();
