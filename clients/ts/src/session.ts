import { type ClientFrame, writeClientFrame } from "./clientframe.js";
import { Commands } from "./commands.js";
import { Code, TickwireError } from "./error.js";
import { ResyncReason } from "./gen/tickwire/v1/session_pb.js";
import { type Packed, Shaper } from "./messages.js";
import { Meter } from "./meter.js";
import { Pace } from "./pace.js";
import { applyPacked } from "./packed.js";
import { applyPlain } from "./plain.js";
import { chain, Replica, whole } from "./replica.js";
import type { EventInfo, Frame, Leave } from "./room.js";
import type { ServerFrame } from "./serverframe.js";
import { closeError, frameOf, type Opened, type Socket } from "./socket.js";

/** More than this not yet sent: the network is stuck, and acks and inputs are left out until it moves. */
const maxBuffered = 1 << 16;
const pingEvery = 1000;
/** Seconds without a word from the server after which the connection is given up. */
const maxQuiet = 12;
const leaveTimeout = 1000;

/** Hooks is what a session tells the room, in order. */
export interface Hooks {
  frame(frame: Frame, now: number): void;
  event(value: object, info: EventInfo): void;
  error(error: TickwireError): void;
  left(why: Leave): void;
  /** How far the picture on the screen lies behind the newest state, in ticks. */
  view(now: number): number;
}

/** Session is the traffic of one connection: frames in, acks, inputs and commands out. */
export class Session {
  readonly replica: Replica;
  readonly meter: Meter;
  readonly pace: Pace;
  stride: number;
  desyncs = 0;
  /** As reported last, in ticks. */
  slack = 0;

  private readonly socket: Socket;
  private readonly hooks: Hooks;
  private readonly commands: Commands;
  private readonly inputs: Shaper | undefined;
  private readonly events: readonly Shaper[];
  private readonly timer: ReturnType<typeof setInterval>;
  private input: Packed | undefined;
  private inputTick = 0;
  private lastEvent = 0;
  private resync: ResyncReason | undefined;
  private quiet = 0;
  private leaving = false;
  private why: Leave | undefined;
  private readonly ended: Promise<void>;
  private end!: () => void;

  constructor(opened: Opened, hooks: Hooks) {
    const { schema, socket } = opened;
    this.replica = new Replica(schema);
    this.stride = opened.stride;
    this.pace = new Pace(opened.rate);
    this.pace.start((opened.roundTrip * opened.rate) / 1000);
    this.meter = new Meter(performance.now());
    this.socket = socket;
    this.hooks = hooks;
    this.commands = new Commands(schema);
    this.inputs = schema.input && new Shaper(schema.input, "input");
    this.events = schema.events.map((message) => new Shaper(message));
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.timer = setInterval(() => this.beat(), pingEvery);
    socket.onmessage = (event: MessageEvent) => this.message(event.data);
    socket.onclose = (event: CloseEvent) => this.finish(closeError(event));
  }

  /** start takes the first frame. If it is bad, nothing is left behind. */
  start(frame: ServerFrame, bytes: number): void {
    try {
      this.receive(frame, bytes, performance.now());
    } catch (e) {
      const error = TickwireError.from(e, Code.MALFORMED);
      this.finish(error);
      throw error;
    }
  }

  /** setInput sets what is sent every tick from now on; presses are sent once. */
  setInput(value: object): void {
    if (!this.inputs) throw new TickwireError(Code.OUT_OF_RANGE, "this game takes no inputs");
    const packed = this.inputs.pack(value);
    if (this.input) this.inputs.merge(packed, this.input);
    this.input = packed;
  }

  /** command sends a reliable message. */
  command(name: string, value: object): Promise<void> {
    if (this.why) return Promise.reject(leftError(this.why));
    const answer = this.commands.add(name, value);
    queueMicrotask(() => this.flush());
    return answer;
  }

  /** leave closes the connection and waits until it is closed. */
  async leave(): Promise<void> {
    if (this.why) return;
    this.leaving = true;
    this.socket.close(1000);
    const timer = setTimeout(() => this.finish(new TickwireError(Code.LEFT, "")), leaveTimeout);
    await this.ended;
    clearTimeout(timer);
  }

  /** receive takes a decoded frame. */
  private receive(frame: ServerFrame, bytes: number, now: number): void {
    this.quiet = 0;
    this.meter.count(bytes, now);
    if (frame.stride > 0) this.stride = frame.stride;
    if (frame.pong) this.meter.pong(frame.pong.id, frame.pong.heldUs, now);
    const hasState = frame.body !== undefined || frame.delta !== undefined;
    const applied = hasState && this.apply(frame);
    const tick = applied ? this.replica.tick : frame.tick || this.replica.tick + (hasState ? this.stride : 0);
    for (const answer of frame.answers) this.commands.answer(answer);
    for (const event of frame.events) {
      if (event.seq <= this.lastEvent) continue; // sent again
      this.lastEvent = event.seq;
      const shaper = this.events[event.type];
      if (!shaper) throw new TickwireError(Code.MALFORMED, `there is no event of type ${event.type}`);
      this.hooks.event(shaper.unpack(event.values, event.blobs), { name: shaper.name, tick: tick - event.age, seq: event.seq });
    }
    if (applied) {
      this.hooks.frame({ tick, kind: kindOf(frame.base), bytes }, now);
      this.respond(now);
    } else {
      this.flush();
    }
    if (frame.bye) this.finish(new TickwireError(frame.bye.code, frame.bye.message));
  }

  private message(data: unknown): void {
    if (this.why) return;
    try {
      this.receive(frameOf(data), (data as ArrayBuffer).byteLength, performance.now());
    } catch (e) {
      // The rest of the frame is lost, and with it perhaps an event: there is no way to go on.
      const error = TickwireError.from(e, Code.MALFORMED);
      this.hooks.error(error);
      this.finish(error);
    }
  }

  /** apply applies a frame's state. If the copy cannot be trusted after it, it asks for a whole one. */
  private apply(frame: ServerFrame): boolean {
    const { replica } = this;
    if (this.resync !== undefined && frame.base !== whole) return false; // sent before the server heard of it
    const before = replica.tick;
    const tick = frame.tick || replica.tick + this.stride;
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
    this.slack = frame.slack / 8;
    if (this.inputTick > 0) this.pace.report(frame.slack, tick - before);
    return true;
  }

  private distrust(tick: number, reason: ResyncReason, error: TickwireError): void {
    this.replica.trusted = false;
    this.resync = reason;
    this.write({ resync: { tick, reason } });
    this.hooks.error(error);
  }

  /** respond acknowledges a state, with the input for the tick that it will be in time for. */
  private respond(now: number): void {
    if (this.why) return;
    const commands = this.commands.next();
    if (commands.length === 0 && this.socket.bufferedAmount > maxBuffered) return;
    const ack = this.replica.tick;
    const first = ack + this.pace.lead;
    const { input } = this;
    if (!input || first <= this.inputTick) {
      this.write({ ack, commands });
    } else {
      const view = Math.max(0, Math.round(this.hooks.view(now) * 8) || 0);
      this.write({ ack, first, input, view, commands });
      this.inputTick = first;
      this.inputs!.release(input);
    }
    this.flush();
  }

  private flush(): void {
    if (this.why) return;
    for (let commands; (commands = this.commands.next()).length > 0; ) this.write({ ack: this.replica.tick, commands });
  }

  /** beat is called once a second. */
  private beat(): void {
    if (++this.quiet > maxQuiet) return this.finish(new TickwireError(Code.SILENT, "the server fell silent"));
    if (this.socket.bufferedAmount > maxBuffered) return;
    const ping = this.meter.sendPing(performance.now());
    const { resync, replica } = this;
    this.write(resync === undefined ? { ping } : { ping, resync: { tick: replica.tick, reason: resync } });
  }

  private write(frame: ClientFrame): void {
    if (this.leaving) return; // the socket is closing: browsers would complain
    try {
      this.socket.send(writeClientFrame(frame));
    } catch (e) {
      this.finish(TickwireError.from(e, Code.NETWORK));
    }
  }

  private finish(error: TickwireError): void {
    if (this.why) return;
    this.why = this.leaving ? { code: Code.LEFT, message: "the room was left" } : { code: error.code, message: error.message };
    clearInterval(this.timer);
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(1000);
    this.commands.end(leftError(this.why));
    this.end();
    this.hooks.left(this.why);
  }
}

function kindOf(base: number): Frame["kind"] {
  return base === chain ? "chain" : base === whole ? "whole" : "ring";
}

function leftError({ code, message }: Leave): TickwireError {
  return new TickwireError(code, message);
}
