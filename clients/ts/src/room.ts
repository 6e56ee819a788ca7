import { Code, TickwireError } from "./error.js";
import { FrameQueue } from "./framequeue.js";
import type { Plan } from "./line.js";
import { Listeners } from "./listeners.js";
import type { Drop, EventInfo, Frame, Leave, Reconnect, Stats, Unsubscribe } from "./news.js";
import { watchPage } from "./page.js";
import type { Schema } from "./schema.js";
import { Screen } from "./screen.js";
import { Session } from "./session.js";
import type { Opened } from "./socket.js";
import { liveState } from "./state.js";
import type { State } from "./table.js";

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
  readonly #onState = this.#listeners<[Frame]>();
  readonly #onDrop = this.#listeners<[Drop]>();
  readonly #onReconnect = this.#listeners<[Reconnect]>();
  readonly #onClosing = this.#listeners<[number]>();
  readonly #onLeave = this.#listeners<[Leave]>();
  readonly #onError = new Listeners<[TickwireError]>(throwLater);
  readonly #queues = new Set<FrameQueue>();
  readonly #screen: Screen;
  readonly #unwatch: () => void;
  // What is told before whoever awaits the room could subscribe to anything.
  #held: (() => void)[] | undefined = [];
  #left: Leave | undefined;
  #pace = 0;
  #hidden = false;

  /** For Client only. slowWhenHidden: whether a hidden page asks for fewer frames. */
  constructor(opened: Opened, plan: Plan, slowWhenHidden: boolean) {
    this.roomId = opened.roomId;
    this.sessionId = opened.sessionId;
    this.player = opened.player;
    this.game = opened.game;
    this.rate = opened.rate;
    this.schema = opened.schema;
    if (opened.seat.code) this.code = opened.seat.code;
    this.#screen = new Screen(opened.schema, opened.rate, opened.stride);
    this.#session = new Session(opened, plan, {
      frame: (frame, now) => this.#frame(frame, now),
      event: (value, info) => this.#tell(() => this.#event(value, info)),
      error: (error) => this.#tell(() => this.#report(error)),
      closing: (ticks) => this.#tell(() => this.#onClosing.emit(ticks)),
      dropped: (why) => this.#tell(() => this.#onDrop.emit(why)),
      reconnected: (how) => this.#reconnected(how),
      left: (why) => this.#leave(why),
      view: (now) => this.#screen.behind(this.#session.replica.tick, now),
    });
    this.state = liveState(this.#session.replica) as S;
    this.#unwatch = watchPage({ online: () => this.#session.changed(true), hidden: (hidden) => this.#watched(hidden, slowWhenHidden) });
    setTimeout(() => this.#release());
    this.#session.line.open(opened);
  }

  /** Whether there is a connection; without one the room is on its way back, or has ended. */
  get connected(): boolean {
    return this.#session.line.conn !== undefined;
  }

  /** With which Client.resume takes up this session elsewhere. A secret; each new connection brings another. Empty: never. */
  get token(): string {
    return this.#session.line.token;
  }

  /** For how many seconds the server keeps the seat without a connection. */
  get grace(): number {
    return this.#session.line.grace;
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
    return this.#screen.draw(this.#session.replica, this.stride, now) as S;
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
      listeners = this.#listeners();
      this.#events.set(name, listeners);
    }
    return listeners.add(callback);
  }

  /** onState calls back after every change of state. */
  onState(callback: (frame: Frame) => void): Unsubscribe {
    return this.#onState.add(callback);
  }

  /** onDrop calls back when the connection was lost. The room goes on trying to replace it; leave() ends that. */
  onDrop(callback: (why: Drop) => void): Unsubscribe {
    return this.#onDrop.add(callback);
  }

  /** onReconnect calls back when the room has a connection and its state again, before that is told. */
  onReconnect(callback: (how: Reconnect) => void): Unsubscribe {
    return this.#onReconnect.add(callback);
  }

  /** onClosing calls back when the server is stopping: the room ends in so many ticks, if its game does not end before. */
  onClosing(callback: (ticks: number) => void): Unsubscribe {
    return this.#onClosing.add(callback);
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

  /** pace asks for no more than one frame in so many ticks, at most a second's; 0: as many as the room sends. */
  pace(ticks: number): void {
    this.#pace = ticks;
    this.#repace();
  }

  /**
   * leave gives the seat back. Resolves when the connection is closed; never rejects. Without a connection the seat is
   * only given up: the server frees it when the grace is over.
   */
  leave(): Promise<void> {
    return this.#session.line.leave();
  }

  #frame(frame: Frame, now: number): void {
    this.#screen.arrive(this.#session.replica, this.stride, now);
    this.#tell(() => {
      this.#onState.emit(frame);
      for (const queue of this.#queues) queue.push(frame);
    });
  }

  #reconnected(how: Reconnect): void {
    this.#screen.snap();
    this.#tell(() => this.#onReconnect.emit(how));
  }

  #watched(hidden: boolean, slow: boolean): void {
    this.#hidden = hidden && slow;
    this.#repace();
    if (!hidden) this.#session.changed(false);
  }

  #repace(): void {
    this.#session.slowDown(Math.max(this.#pace, this.#hidden ? this.rate : 0));
  }

  #event(value: object, info: EventInfo): void {
    this.#events.get(info.name)?.emit(value, info);
    this.#events.get(anyEvent)?.emit(value, info);
  }

  #leave(why: Leave): void {
    this.#unwatch();
    this.#tell(() => {
      this.#left = why;
      this.#onLeave.emit(why);
      for (const queue of [...this.#queues]) queue.end();
    });
  }

  #report(error: TickwireError): void {
    if (this.#onError.size > 0) this.#onError.emit(error);
    else if (error.code === Code.CALLBACK) throwLater(error.cause);
  }

  #listeners<A extends unknown[]>(): Listeners<A> {
    return new Listeners((e) => this.#report(TickwireError.from(e, Code.CALLBACK)));
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

/** throwLater lets an error that nobody handles be seen as one, without breaking what is being done. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
