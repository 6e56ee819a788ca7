import { maxInputs } from "./clientframe.js";
import { type Packed, Shaper } from "./messages.js";
import type { MessageSchema } from "./schema.js";

/** Run is inputs of consecutive ticks. */
export interface Run {
  first: number;
  inputs: Packed[];
}

/** Inputs are what a player does: one a tick, the newest ones kept until it is sure that the server has them. */
export class Inputs {
  private readonly shaper: Shaper;
  private now: Packed | undefined;
  /** The newest tick that has an input. */
  private newest = 0;
  private readonly sent: { tick: number; input: Packed }[] = [];

  constructor(message: MessageSchema) {
    this.shaper = new Shaper(message, "input");
  }

  /** begun says whether any was sent. */
  get begun(): boolean {
    return this.sent.length > 0;
  }

  /** set sets what is sent from now on. Presses that were not sent yet stay. */
  set(value: object): void {
    const packed = this.shaper.pack(value);
    if (this.now) this.shaper.merge(packed, this.now);
    this.now = packed;
  }

  /** take is the input for a tick, once; undefined if there is none for it. */
  take(tick: number): Packed[] | undefined {
    const { now } = this;
    if (!now || tick <= this.newest) return undefined;
    const input = { values: [...now.values], blobs: [...now.blobs] };
    this.shaper.release(now);
    this.newest = tick;
    this.sent.push({ tick, input });
    if (this.sent.length > maxInputs) this.sent.shift();
    return [input];
  }

  /** restart begins on a new connection: the server has inputs up to a tick, and gets again those that are newer. */
  restart(last: number): Run[] {
    if (!this.begun) this.newest = last;
    const runs: Run[] = [];
    for (const { tick, input } of this.sent) {
      if (tick <= last) continue;
      const run = runs[runs.length - 1];
      if (run && tick === run.first + run.inputs.length) run.inputs.push(input);
      else runs.push({ first: tick, inputs: [input] });
    }
    return runs;
  }
}
