import type { Kept } from "./clientframe.js";
import { Comeback } from "./comeback.js";
import { Conn } from "./conn.js";
import { Code, isLoss, TickwireError } from "./error.js";
import type { Drop, Leave } from "./news.js";
import type { Seats } from "./seats.js";
import type { ServerFrame } from "./serverframe.js";
import type { Opened } from "./socket.js";

/** Beyond the grace the server may count a little longer, for it notices a loss later, in seconds. */
const leeway = 5;

/** Plan is what a room does about a lost connection. */
export interface Plan {
  /** Whether it is replaced. A signal: until that is aborted. */
  readonly reconnect: boolean | AbortSignal;
  /** Where what is needed for that is kept for a page that is loaded again. */
  readonly seats: Seats;
  /** again opens one more connection; `done` is called as by openSocket. It settles as a Try does. */
  again(token: string, kept: Kept, signal: AbortSignal, done: (opened: Opened) => void): Promise<TickwireError | undefined>;
}

/** LineUser is the session that a line serves. */
export interface LineUser {
  /** A connection is there; its first frame follows. */
  begin(opened: Opened): void;
  frame(frame: ServerFrame, bytes: number, now: number): void;
  beat(now: number): void;
  /** What is still here of the session. */
  kept(): Kept;
  dropped(why: Drop): void;
  /** The end, once. */
  left(why: Leave): void;
}

/** Line is a session's way to the server: one connection after the other, until one of them ends the session. */
export class Line {
  /** The connection, while there is one. */
  conn: Conn | undefined;
  /** The newest token; empty: a lost connection is the end. */
  token = "";
  /** For how many seconds the seat is kept. */
  grace = 0;
  /** Why it has ended, once it has. */
  why: Leave | undefined;

  private readonly plan: Plan;
  private readonly user: LineUser;
  private readonly comeback: Comeback;
  private readonly stop: AbortSignal | undefined;
  private roomId = "";
  private leaving = false;
  // Since when there is no state, of performance.now(); NaN: there is.
  private lostAt = NaN;

  constructor(plan: Plan, user: LineUser) {
    this.plan = plan;
    this.user = user;
    this.comeback = new Comeback((signal) => plan.again(this.token, user.kept(), signal, (opened) => this.open(opened)));
    this.stop = typeof plan.reconnect === "object" ? plan.reconnect : undefined;
    this.stop?.addEventListener("abort", this.stopped);
  }

  /** open takes a connection with its first frame. If that is bad it throws, and all has ended. */
  open(opened: Opened): void {
    const { roomId, token, grace, game, seat } = opened;
    this.roomId = roomId;
    this.token = token;
    this.grace = grace;
    if (token) this.plan.seats.save(roomId, { token, game, code: seat.code });
    else this.plan.seats.remove(roomId);
    this.conn = new Conn(opened.socket, {
      frame: (frame, bytes, now) => this.user.frame(frame, bytes, now),
      beat: (now) => this.user.beat(now),
      ended: (why) => this.ended(why),
    });
    try {
      this.user.begin(opened);
      this.user.frame(opened.frame, opened.bytes, performance.now());
    } catch (e) {
      const error = TickwireError.from(e, Code.MALFORMED);
      this.end(error);
      throw error;
    }
  }

  /** settled is how long the state was away, in milliseconds, when a new one has come; undefined if it was not. */
  settled(now: number): number | undefined {
    const took = now - this.lostAt;
    this.lostAt = NaN;
    this.comeback.tries = 0;
    return Number.isNaN(took) ? undefined : took;
  }

  /** changed says that something has happened to the page or its network: anew, if it is another network. */
  changed(anew: boolean, patience: number): void {
    if (this.conn) this.conn.doubt(patience);
    else this.comeback.wake(anew);
  }

  /** leave ends it. Without a connection the server learns of it when the grace is over. */
  async leave(): Promise<void> {
    if (this.why) return;
    this.leaving = true;
    this.plan.seats.remove(this.roomId); // now: a page that is being closed gets no further
    if (this.conn) await this.conn.leave();
    else this.end(new TickwireError(Code.LEFT, ""));
  }

  /** end ends it, with the connection. */
  end(error: TickwireError, keepSeat = false): void {
    if (this.why) return;
    this.why = this.leaving ? { code: Code.LEFT, message: "the room was left" } : { code: error.code, message: error.message };
    this.comeback.stop();
    this.stop?.removeEventListener("abort", this.stopped);
    this.conn?.close(error);
    this.conn = undefined;
    if (!keepSeat) this.plan.seats.remove(this.roomId);
    this.user.left(this.why);
  }

  private readonly stopped = (): void => {
    if (!this.conn) this.end(new TickwireError(Code.ABORTED, "the room was not to come back any more"));
  };

  /** ended takes in that the connection has ended. */
  private ended(why: TickwireError): void {
    this.conn = undefined;
    const lost = isLoss(why.code) && this.token !== "" && this.grace > 0 && !this.leaving;
    if (!lost || this.plan.reconnect === false || this.stop?.aborted) return this.end(why, lost);
    const now = performance.now();
    const until = now + (this.grace + leeway) * 1000;
    if (Number.isNaN(this.lostAt)) {
      this.lostAt = now;
      this.user.dropped({ code: why.code, message: why.message });
      if (this.why) return; // whoever heard of it has left
    }
    void this.comeback.run(until, why).then((over) => over && this.end(over));
  }
}
