import { Code, TickwireError } from "./error.js";
import { FrameQueue } from "./framequeue.js";
import { Listeners } from "./listeners.js";
import { Picture } from "./picture.js";
import { between, Samples } from "./samples.js";
import type { Schema } from "./schema.js";
import { Session } from "./session.js";
import type { Opened } from "./socket.js";
import { liveState, makeState } from "./state.js";
import type { State } from "./table.js";
import { Timeline } from "./timeline.js";

/** Frame is one change of state, after it was applied. */
export interface Frame {
  /** The tick of the state. */
  readonly tick: number;
  /** chain: from the frame before; ring: from an older state after frames were skipped; whole: from nothing. */
  readonly kind: "chain" | "ring" | "whole";
  /** The size of the WebSocket message that carried it. */
  readonly bytes: number;
}

/** EventInfo says where an event of the game came from. */
export interface EventInfo {
  /** The event's name in the schema. */
  readonly name: string;
  /** The tick in which it happened. */
  readonly tick: number;
  /** 1, 2, 3 … within the session. */
  readonly seq: number;
}

/** Leave says why a room ended for this client. */
export interface Leave {
  /** One of Code. Code.LEFT if this client left by itself. */
  readonly code: number;
  readonly message: string;
}

/** Stats are measured by the client about once a second. */
export interface Stats {
  /** Round trip in milliseconds, without the time the server held the ping back; 0 before the first answer. */
  readonly ping: number;
  readonly framesPerSecond: number;
  /** Payload bytes of WebSocket messages. */
  readonly bytesPerSecond: number;
  /** The newest tick applied. */
  readonly tick: number;
  /** Frames whose hash differed from the copy's. A bug if it is not 0. */
  readonly desyncs: number;
  /** How early inputs arrive at the server, in ticks; negative: late. */
  readonly slack: number;
  /** How many ticks ahead of the newest state inputs are sent. */
  readonly lead: number;
}

/** Unsubscribe ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** How long a picture counts as what is on the player's screen, in milliseconds. */
const viewAge = 250;

/** The name that stands for all events. */
const anyEvent = "*";

/**
 * Room is a seat in a running game: the state as it is now, what the player does, and what happens. Get one from a
 * Client. S is the type of the game's state.
 */
export class Room<S = State> {
  /** The room's ID, by which others can join it. */
  readonly roomId: string;
  /** The session's ID. An identifier, not a credential. */
  readonly sessionId: string;
  /** The player's ID in the game: by most games' habit the ID of its own rows. */
  readonly player: number;
  /** The game's name. */
  readonly game: string;
  /** Ticks a second. */
  readonly rate: number;
  /** All that the game shares: tables, inputs, commands and events. */
  readonly schema: Schema;
  /** The code for inviting others, if the room is private. */
  readonly code?: string;
  /** The newest state. Tables by name; a Var is its row. The objects are live: they always show the newest state. */
  readonly state: S;

  readonly #session: Session;
  readonly #events = new Map<string, Listeners<[value: any, event: EventInfo]>>();
  readonly #onState: Listeners<[Frame]>;
  readonly #onLeave: Listeners<[Leave]>;
  readonly #onError: Listeners<[TickwireError]>;
  readonly #queues = new Set<FrameQueue>();
  readonly #timeline: Timeline;
  // What is told before whoever awaits the room could subscribe to anything.
  #held: (() => void)[] | undefined = [];
  #left: Leave | undefined;
  // Made when a picture is first asked for: a program that draws only the newest state pays nothing for it.
  #interpolation: Interpolation<S> | undefined;

  /** For Client only. */
  constructor(opened: Opened) {
    const failed = (e: unknown): void => this.#report(TickwireError.from(e, Code.CALLBACK));
    this.#onState = new Listeners(failed);
    this.#onLeave = new Listeners(failed);
    this.#onError = new Listeners(throwLater);
    this.roomId = opened.roomId;
    this.sessionId = opened.sessionId;
    this.player = opened.player;
    this.game = opened.game;
    this.rate = opened.rate;
    this.schema = opened.schema;
    if (opened.seat.code) this.code = opened.seat.code;
    this.#timeline = new Timeline(1000 / opened.rate, opened.stride);
    this.#session = new Session(opened, {
      frame: (frame, now) => this.#frame(frame, now),
      event: (value, info) => this.#tell(() => this.#event(value, info)),
      error: (error) => this.#tell(() => this.#report(error)),
      left: (why) => this.#tell(() => this.#leave(why)),
      view: (now) => this.#view(now),
    });
    this.state = liveState(this.#session.replica) as S;
    setTimeout(() => this.#release());
    this.#session.start(opened.frame, opened.bytes);
  }

  /** Ticks between two frames; the server lowers the rate of a client that is slow. */
  get stride(): number {
    return this.#session.stride;
  }

  /** What was measured about the connection. */
  get stats(): Stats {
    const { meter, replica, desyncs, slack, pace } = this.#session;
    const { frames, bytes } = meter.perSecond(performance.now());
    return { ping: meter.ping, framesPerSecond: frames, bytesPerSecond: bytes, tick: replica.tick, desyncs, slack, lead: pace.lead };
  }

  /**
   * interpolated is the state a moment ago, between two frames, for drawing: columns marked `lerp` move evenly, all else
   * is as it was then. Its objects are live like those of state, and change with the next call. now is a time of
   * performance.now(), such as requestAnimationFrame gives.
   */
  interpolated(now: number = performance.now()): S {
    const i = (this.#interpolation ??= this.#makeInterpolation());
    const moment = this.#timeline.at(now);
    if (now === i.drawn && moment === i.moment) return i.state;
    const found = Number.isNaN(moment) ? undefined : between(i.samples.list, moment);
    if (found) i.picture.draw(found, this.stride);
    i.samples.forget(moment);
    i.drawn = now;
    i.moment = moment;
    return i.state;
  }

  /**
   * send sets the input that goes to the game every tick from now on. Fields that are left out are zero. A field that the
   * game marked as `edge` is a press: it is sent once for every call that sets it. Throws OUT_OF_RANGE.
   */
  send(input: object): void {
    this.#session.setInput(input);
  }

  /** command sends a reliable message. Resolves when the game took it; rejects with REFUSED if it did not. */
  command(name: string, value: object = {}): Promise<void> {
    return this.#session.command(name, value);
  }

  /** onMessage calls back for every event of a name, or of any for "*", in order and once. */
  onMessage<T = any>(name: string, callback: (value: T, event: EventInfo) => void): Unsubscribe {
    if (name !== anyEvent && !this.schema.events.some((event) => event.name === name)) {
      throw new TickwireError(Code.OUT_OF_RANGE, `the game has no event ${JSON.stringify(name)}`);
    }
    let listeners = this.#events.get(name);
    if (!listeners) {
      listeners = new Listeners((e) => this.#report(TickwireError.from(e, Code.CALLBACK)));
      this.#events.set(name, listeners);
    }
    return listeners.add(callback);
  }

  /** onState calls back after every change of state. */
  onState(callback: (frame: Frame) => void): Unsubscribe {
    return this.#onState.add(callback);
  }

  /** onLeave calls back once, when the room has ended for this client; soon, if it has ended already. */
  onLeave(callback: (why: Leave) => void): Unsubscribe {
    const unsubscribe = this.#onLeave.add(callback);
    const why = this.#left;
    if (why) {
      unsubscribe();
      let wanted = true;
      queueMicrotask(() => wanted && callback(why));
      return () => void (wanted = false);
    }
    return unsubscribe;
  }

  /** onError calls back for what goes wrong but does not end the room, such as a callback that throws. */
  onError(callback: (error: TickwireError) => void): Unsubscribe {
    return this.#onError.add(callback);
  }

  /**
   * frames are the changes of state from now on, for `for await`. It ends when the room ends or the signal aborts. A
   * reader that does not keep up loses the oldest; the state is always the newest.
   */
  frames(signal?: AbortSignal): AsyncIterableIterator<Frame> {
    const end = (): void => queue.end();
    const queue: FrameQueue = new FrameQueue(() => {
      this.#queues.delete(queue);
      signal?.removeEventListener("abort", end);
    });
    this.#queues.add(queue);
    signal?.addEventListener("abort", end);
    if (signal?.aborted || this.#left) queue.end();
    return queue;
  }

  /** leave gives the seat back. Resolves when the connection is closed; never rejects. */
  leave(): Promise<void> {
    return this.#session.leave();
  }

  #frame(frame: Frame, now: number): void {
    const { replica, stride } = this.#session;
    this.#timeline.setStride(stride);
    this.#timeline.arrive(frame.tick, now);
    this.#interpolation?.samples.take(replica, (frame.tick * 1000) / this.rate);
    this.#tell(() => {
      this.#onState.emit(frame);
      for (const queue of this.#queues) queue.push(frame);
    });
  }

  #event(value: object, info: EventInfo): void {
    this.#events.get(info.name)?.emit(value, info);
    this.#events.get(anyEvent)?.emit(value, info);
  }

  #leave(why: Leave): void {
    this.#left = why;
    this.#onLeave.emit(why);
    for (const queue of [...this.#queues]) queue.end();
  }

  #report(error: TickwireError): void {
    if (this.#onError.size > 0) this.#onError.emit(error);
    else if (error.code === Code.CALLBACK) throwLater(error.cause);
  }

  #view(now: number): number {
    const i = this.#interpolation;
    if (!i || now - i.drawn > viewAge) return 0;
    return this.#session.replica.tick - (i.moment * this.rate) / 1000;
  }

  #makeInterpolation(): Interpolation<S> {
    const { replica } = this.#session;
    const picture = new Picture(this.schema);
    const samples = new Samples();
    if (replica.trusted) samples.take(replica, (replica.tick * 1000) / this.rate);
    return { samples, picture, state: makeState(this.schema, picture.tables) as S, drawn: NaN, moment: NaN };
  }

  #tell(what: () => void): void {
    if (this.#held) this.#held.push(what);
    else what();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const what of held) what();
  }
}

interface Interpolation<S> {
  readonly samples: Samples;
  readonly picture: Picture;
  readonly state: S;
  /** When it was drawn last, and what moment. */
  drawn: number;
  moment: number;
}

/** throwLater lets an error that nobody handles be seen as one, without breaking what is being done. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
