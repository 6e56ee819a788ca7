/** How long arrivals are remembered, in milliseconds, and how many at most. */
const memory = 10_000;
const maxArrivals = 1280;
/** How often their spread is measured again. */
const measureEvery = 250;
/** The greatest delay, unless frames are further apart than that. */
const maxDelay = 300;
/** The picture runs at most this much faster or slower than time to reach a new delay: nobody sees it. */
const dilation = 0.05;
/** Further off than this it jumps instead: after a stall there is nothing to be seen in between. */
const maxError = 250;

/**
 * Timeline says which moment of the game is on the screen: a little behind the newest state, as little as the evenness
 * of the arrivals allows. All times are in milliseconds; those of the server are tick times the length of a tick.
 */
export class Timeline {
  private readonly tickMs: number;
  private intervalMs: number;
  // Arrivals: local time, and how much later than the server's time, on some scale.
  private readonly arrivals: { at: number; late: number }[] = [];
  private least = Infinity;
  private spread = 0;
  private measured = -Infinity;
  private moment = NaN;
  private last = 0;

  constructor(tickMs: number, stride: number) {
    this.tickMs = tickMs;
    this.intervalMs = tickMs * stride;
  }

  /** setStride tells how many ticks lie between two frames from now on. */
  setStride(stride: number): void {
    this.intervalMs = this.tickMs * stride;
  }

  /** restart forgets all arrivals: what comes next has come another way, and is shown at once. */
  restart(): void {
    this.arrivals.length = 0;
    this.least = Infinity;
    this.spread = 0;
    this.measured = -Infinity;
    this.moment = NaN;
  }

  /** arrive takes the arrival of a state. */
  arrive(tick: number, now: number): void {
    const late = now - tick * this.tickMs;
    this.arrivals.push({ at: now, late });
    while (this.arrivals.length > maxArrivals || this.arrivals[0]!.at < now - memory) this.arrivals.shift();
    if (late < this.least) this.least = late;
    if (now - this.measured >= measureEvery) this.measure(now);
  }

  /** delay is how far the picture is to lie behind a state that comes at its earliest. */
  get delay(): number {
    const wanted = Math.max(2 * this.intervalMs, this.spread + this.intervalMs);
    return Math.max(1.5 * this.intervalMs, Math.min(maxDelay, wanted));
  }

  /** at is the moment to show now, in the server's time; NaN before the first arrival. */
  at(now: number): number {
    if (this.arrivals.length === 0) return NaN;
    const wanted = now - this.least - this.delay;
    const passed = Math.max(0, now - this.last);
    const error = wanted - (this.moment + passed);
    if (Math.abs(error) <= maxError) {
      const most = dilation * passed;
      this.moment += passed + Math.max(-most, Math.min(most, error));
    } else {
      this.moment = wanted; // also the first time: the error is NaN
    }
    this.last = Math.max(this.last, now);
    return this.moment;
  }

  private measure(now: number): void {
    const late = this.arrivals.map((a) => a.late).sort((a, b) => a - b);
    this.least = late[0]!;
    this.spread = late[Math.ceil(late.length * 0.99) - 1]! - this.least;
    this.measured = now;
  }
}
