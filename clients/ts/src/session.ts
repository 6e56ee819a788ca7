import type { Kept } from "./clientframe.js";
import { Commands } from "./commands.js";
import { Code, TickwireError } from "./error.js";
import { ResyncReason } from "./gen/tickwire/v1/session_pb.js";
import { Inputs } from "./inputs.js";
import { Line, type LineUser, type Plan } from "./line.js";
import { Shaper } from "./messages.js";
import { Meter } from "./meter.js";
import type { Drop, EventInfo, Frame, Leave, Reconnect } from "./news.js";
import { Pace } from "./pace.js";
import { applyPacked } from "./packed.js";
import { applyPlain } from "./plain.js";
import { chain, moves, Replica, whole } from "./replica.js";
import type { ServerFrame } from "./serverframe.js";
import type { Opened } from "./socket.js";

/** Hooks is what a session tells the room, in order. */
export interface Hooks {
  frame(frame: Frame, now: number): void;
  event(value: object, info: EventInfo): void;
  error(error: TickwireError): void;
  closing(ticks: number): void;
  dropped(why: Drop): void;
  /** Before the frame that brings the state. */
  reconnected(how: Reconnect): void;
  left(why: Leave): void;
  /** How far the picture on the screen lies behind the newest state, in ticks. */
  view(now: number): number;
}

/** Session is what is played over one connection after the other: the copy of the state, inputs, commands, events. */
export class Session implements LineUser {
  readonly replica: Replica;
  readonly meter: Meter;
  readonly pace: Pace;
  readonly line: Line;
  stride = 1;
  desyncs = 0;
  /** As reported last, in ticks. */
  slack = 0;

  private readonly hooks: Hooks;
  private readonly rate: number;
  private readonly commands: Commands;
  private readonly inputs: Inputs | undefined;
  private readonly events: readonly Shaper[];
  private lastEvent = 0;
  // The newest input that the game was given, by what the server says.
  private lastGiven = 0;
  private resync: ResyncReason | undefined;
  // The newest tick applied on this connection; 0: none yet.
  private ack = 0;
  private lostEvents = 0;
  private slow = 0;

  constructor(opened: Opened, plan: Plan, hooks: Hooks) {
    const { schema } = opened;
    this.replica = new Replica(schema);
    this.rate = opened.rate;
    this.pace = new Pace(opened.rate);
    this.meter = new Meter(performance.now());
    this.hooks = hooks;
    this.commands = new Commands(schema);
    this.inputs = schema.input && new Inputs(schema.input);
    this.events = schema.events.map((message) => new Shaper(message));
    this.line = new Line(plan, this);
  }

  /** setInput sets what is sent every tick from now on; presses are sent once. */
  setInput(value: object): void {
    if (!this.inputs) throw new TickwireError(Code.OUT_OF_RANGE, "this game takes no inputs");
    this.inputs.set(value);
  }

  /** command sends a reliable message. */
  command(name: string, value: object): Promise<void> {
    const { why } = this.line;
    if (why) return Promise.reject(leftError(why));
    const answer = this.commands.add(name, value);
    queueMicrotask(() => this.flush());
    return answer;
  }

  /** slowDown asks for no more than a frame in so many ticks, on this connection and those after it. */
  slowDown(ticks: number): void {
    if (ticks === this.slow) return;
    this.slow = ticks;
    this.line.conn?.write({ pace: ticks });
  }

  /** changed says that something has happened to the page or its network. */
  changed(anew: boolean): void {
    this.line.changed(anew, 4000 + (2000 * this.stride) / this.rate);
  }

  kept(): Kept {
    const { lastEvent, lastGiven, replica } = this;
    return { lastTick: replica.trusted ? replica.tick : 0, lastEvent, lastInput: lastGiven };
  }

  begin(opened: Opened): void {
    const { lastCommand, lastInput, lostEvents, roundTrip, stride } = opened;
    this.stride = stride;
    this.lostEvents = lostEvents;
    this.pace.start((roundTrip * this.rate) / 1000);
    this.meter.restart();
    this.resync = undefined; // a copy that is not right was not named in hello: what comes is whole
    this.ack = 0;
    this.commands.restart(lastCommand);
    const { conn } = this.line;
    for (const run of this.inputs?.restart(lastInput) ?? []) conn?.write(run);
    if (this.slow > 0) conn?.write({ pace: this.slow });
  }

  /** frame takes a decoded frame. It throws if there is no way to go on after it. */
  frame(frame: ServerFrame, bytes: number, now: number): void {
    this.meter.count(bytes, now);
    if (frame.stride > 0) this.stride = frame.stride;
    if (frame.pong) this.meter.pong(frame.pong.id, frame.pong.heldUs, now);
    const hasState = frame.body !== undefined || frame.delta !== undefined;
    const applied = hasState && this.apply(frame);
    const tick = applied ? this.replica.tick : frame.tick || this.replica.tick + (hasState ? this.stride : 0);
    const kind = kindOf(frame.base);
    if (applied) this.settle(kind === "whole", now);
    for (const answer of frame.answers) this.commands.answer(answer);
    for (const event of frame.events) {
      if (event.seq <= this.lastEvent) continue; // sent again
      const shaper = this.events[event.type];
      if (!shaper) throw new TickwireError(Code.MALFORMED, `there is no event of type ${event.type}`);
      this.lastEvent = event.seq;
      this.hooks.event(shaper.unpack(event.values, event.blobs), { name: shaper.name, tick: tick - event.age, seq: event.seq });
    }
    if (frame.closing > 0) this.hooks.closing(frame.closing);
    if (applied) {
      this.hooks.frame({ tick, kind, bytes }, now);
      this.respond(now);
    }
    this.flush();
  }

  /** beat is called once a second. */
  beat(now: number): void {
    const { resync, replica } = this;
    // With the ack: one that was left out while the network was stuck must not be missed for ever.
    const frame = { ack: this.ack, ping: this.meter.sendPing(now) };
    this.line.conn?.write(resync === undefined ? frame : { ...frame, resync: { tick: replica.tick, reason: resync } });
  }

  dropped(why: Drop): void {
    this.hooks.dropped(why);
  }

  left(why: Leave): void {
    this.commands.end(leftError(why));
    this.hooks.left(why);
  }

  /** apply applies a frame's state. If the copy cannot be trusted after it, it asks for a whole one. */
  private apply(frame: ServerFrame): boolean {
    const { replica } = this;
    if (this.resync !== undefined && kindOf(frame.base) !== "whole") return false; // sent before the server heard of it
    const before = replica.tick;
    const tick = frame.tick || replica.tick + this.stride;
    replica.stride = this.stride;
    try {
      if (frame.body) applyPacked(replica, tick, frame.base, frame.body);
      else applyPlain(replica, tick, frame.base, frame.delta!);
    } catch (e) {
      this.distrust(tick, ResyncReason.FRAME, TickwireError.from(e, Code.MALFORMED));
      return false;
    }
    if (frame.hash !== undefined && frame.hash !== replica.hash()) {
      this.desyncs++;
      this.distrust(tick, ResyncReason.HASH, new TickwireError(Code.MALFORMED, `the copy of tick ${tick} is not the server's`));
      return false;
    }
    this.resync = undefined;
    if (this.inputs?.begun && this.ack > 0) this.pace.report(frame.slack, tick - before);
    this.ack = tick;
    this.slack = frame.slack / 8;
    this.lastGiven = Math.max(0, tick - frame.inputAge);
    return true;
  }

  private distrust(tick: number, reason: ResyncReason, error: TickwireError): void {
    this.replica.trusted = false;
    this.resync = reason;
    this.line.conn?.write({ resync: { tick, reason } });
    this.hooks.error(error);
  }

  /** settle tells that the room is back, if it was away. */
  private settle(isWhole: boolean, now: number): void {
    const took = this.line.conn && this.line.settled(now);
    if (took !== undefined) this.hooks.reconnected({ lostEvents: this.lostEvents, whole: isWhole, took });
  }

  /** respond acknowledges a state, with the input for the tick that it will be in time for. */
  private respond(now: number): void {
    const { conn } = this.line;
    if (!conn) return;
    const commands = this.commands.next();
    if (commands.length === 0 && conn.stuck) return;
    const { ack } = this;
    const first = ack + this.pace.lead;
    const inputs = this.inputs?.take(first);
    if (!inputs) return conn.write({ ack, commands });
    const view = Math.max(0, Math.round(this.hooks.view(now) * 8) || 0);
    conn.write({ ack, first, inputs, view, commands });
  }

  private flush(): void {
    const { conn } = this.line;
    if (!conn) return;
    for (let commands; (commands = this.commands.next()).length > 0; ) conn.write({ ack: this.ack, commands });
  }
}

function kindOf(base: number): Frame["kind"] {
  const from = base & ~moves;
  return from === chain ? "chain" : from === whole ? "whole" : "ring";
}

function leftError({ code, message }: Leave): TickwireError {
  return new TickwireError(code, message);
}
