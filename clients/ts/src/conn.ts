import { type ClientFrame, writeClientFrame } from "./clientframe.js";
import { Code, isLoss, TickwireError } from "./error.js";
import type { ServerFrame } from "./serverframe.js";
import { closeError, frameOf, type Socket } from "./socket.js";

/** More than this not yet sent: the network is stuck, and what need not be sent is left out until it moves. */
const maxBuffered = 1 << 16;
const beatEvery = 1000;
/** Without a word from the server for so long a connection is dead, in milliseconds. */
const maxQuiet = 12_000;
/** A page that was asleep has heard nothing either: a connection is judged only after so many beats awake. */
const minBeats = 3;
const leaveTimeout = 1000;

/** ConnUser is whom a connection serves. */
export interface ConnUser {
  /** A frame came. An error means that there is no way to go on. */
  frame(frame: ServerFrame, bytes: number, now: number): void;
  /** A second has passed. */
  beat(now: number): void;
  /** It has ended by itself. Called once at most, and nothing after it. */
  ended(why: TickwireError): void;
}

/** Conn is one WebSocket, from its first frame to its end. */
export class Conn {
  private readonly socket: Socket;
  private readonly user: ConnUser;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly over: Promise<void>;
  private setOver!: () => void;
  private heard = performance.now();
  private beats = 0;
  private patience = maxQuiet;
  private state: "open" | "leaving" | "closed" = "open";

  constructor(socket: Socket, user: ConnUser) {
    this.socket = socket;
    this.user = user;
    this.over = new Promise((resolve) => (this.setOver = resolve));
    this.timer = setInterval(() => this.beat(), beatEvery);
    socket.onmessage = (event: MessageEvent) => this.message(event.data);
    socket.onclose = (event: CloseEvent) => this.end(closeError(event));
  }

  /** Whether what was written lately has not gone out yet. */
  get stuck(): boolean {
    return this.socket.bufferedAmount > maxBuffered;
  }

  write(frame: ClientFrame): void {
    if (this.state !== "open") return;
    try {
      this.socket.send(writeClientFrame(frame));
    } catch (e) {
      this.end(TickwireError.from(e, Code.NETWORK));
    }
  }

  /**
   * doubt gives the server no more than so many milliseconds from now for its next word, because something has happened
   * to the network or the page. It asks for one.
   */
  doubt(patience: number): void {
    this.heard = performance.now();
    this.beats = 0;
    this.patience = patience;
    this.user.beat(this.heard);
  }

  /** leave gives the seat back. Resolves when the server has heard it, or after a second. */
  async leave(): Promise<void> {
    if (this.state !== "open") return this.over;
    this.state = "leaving";
    this.socket.close(1000);
    const timer = setTimeout(() => this.end(new TickwireError(Code.LEFT, "")), leaveTimeout);
    await this.over;
    clearTimeout(timer);
  }

  /** close ends it without a word to the user. A loss is closed without a code: 1000 would give the seat back. */
  close(why: TickwireError): void {
    this.state = "closed";
    clearInterval(this.timer);
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(isLoss(why.code) ? undefined : 1000);
    this.setOver();
  }

  private message(data: unknown): void {
    try {
      const frame = frameOf(data);
      this.heard = performance.now();
      this.beats = 0;
      this.patience = maxQuiet;
      this.user.frame(frame, (data as ArrayBuffer).byteLength, this.heard);
      if (frame.bye) this.end(new TickwireError(frame.bye.code, frame.bye.message));
    } catch (e) {
      // The rest of the frame is lost, and with it perhaps an event.
      this.end(TickwireError.from(e, Code.MALFORMED));
    }
  }

  private beat(): void {
    const now = performance.now();
    if (++this.beats >= minBeats && now - this.heard > this.patience) this.end(new TickwireError(Code.SILENT, "the server fell silent"));
    else if (!this.stuck) this.user.beat(now);
  }

  private end(why: TickwireError): void {
    if (this.state === "closed") return;
    this.close(why);
    this.user.ended(why);
  }
}
