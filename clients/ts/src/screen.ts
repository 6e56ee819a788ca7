import { Picture } from "./picture.js";
import type { Replica } from "./replica.js";
import { between, Samples } from "./samples.js";
import type { Schema } from "./schema.js";
import { makeState } from "./state.js";
import { Timeline } from "./timeline.js";

/** How long a picture counts as what is on the player's screen, in milliseconds. */
const viewAge = 250;

/** Screen makes the state to be drawn: a moment ago, between two frames. */
export class Screen {
  private readonly schema: Schema;
  private readonly tickMs: number;
  private readonly timeline: Timeline;
  private readonly samples = new Samples();
  // Made when a picture is first asked for: a program that draws only the newest state pays nothing for it.
  private picture: Picture | undefined;
  private state: object | undefined;
  // When it was drawn last, and what moment.
  private drawn = NaN;
  private moment = NaN;

  constructor(schema: Schema, rate: number, stride: number) {
    this.schema = schema;
    this.tickMs = 1000 / rate;
    this.timeline = new Timeline(this.tickMs, stride);
  }

  /** arrive takes a state that has just been applied. */
  arrive(replica: Replica, stride: number, now: number): void {
    this.timeline.setStride(stride);
    this.timeline.arrive(replica.tick, now);
    if (this.picture) this.samples.take(replica, replica.tick * this.tickMs);
  }

  /** snap forgets all that came before: the next state is shown where it is, without a way there. */
  snap(): void {
    this.timeline.restart();
    this.samples.clear();
  }

  /** draw is the picture at a time; always the same object. */
  draw(replica: Replica, stride: number, now: number): object {
    if (!this.picture) {
      this.picture = new Picture(this.schema);
      this.state = makeState(this.schema, this.picture.tables);
      if (replica.trusted) this.samples.take(replica, replica.tick * this.tickMs);
    }
    const moment = this.timeline.at(now);
    if (now !== this.drawn || moment !== this.moment) {
      const found = Number.isNaN(moment) ? undefined : between(this.samples.list, moment);
      if (found) this.picture.draw(found, stride);
      this.samples.forget(moment);
      this.drawn = now;
      this.moment = moment;
    }
    return this.state!;
  }

  /** behind is how far the picture lies behind a tick, in ticks; 0 if nothing was drawn lately. */
  behind(tick: number, now: number): number {
    return now - this.drawn > viewAge || !this.picture ? 0 : tick - this.moment / this.tickMs;
  }
}
