import { writeCommand } from "./clientframe.js";
import { Code, TickwireError } from "./error.js";
import { Shaper } from "./messages.js";
import type { Schema } from "./schema.js";
import type { Answer } from "./serverframe.js";

/** Commands without an answer that may be on their way; the server takes no more of one player between two ticks. */
const window = 16;
/** Commands that may wait for their turn. */
const maxWaiting = 256;
/** The server takes messages up to 4 KiB; a frame is filled only this far. */
const maxBytes = 2048;

interface Pending {
  seq: number;
  bytes: Uint8Array;
  resolve: () => void;
  reject: (error: TickwireError) => void;
}

/** Commands are the reliable messages of a session, each until its answer comes. */
export class Commands {
  private readonly kinds = new Map<string, { type: number; shaper: Shaper }>();
  private readonly waiting: Pending[] = [];
  private readonly sent: Pending[] = [];
  private seq = 0;

  constructor(schema: Schema) {
    schema.commands.forEach((message, type) => {
      if (!message.internal) this.kinds.set(message.name, { type, shaper: new Shaper(message) });
    });
  }

  /** add takes a command; the promise settles with its answer. */
  add(name: string, value: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const kind = this.kinds.get(name);
      if (!kind) throw new TickwireError(Code.OUT_OF_RANGE, `the game has no command ${JSON.stringify(name)}`);
      if (this.waiting.length >= maxWaiting) throw new TickwireError(Code.TOO_MANY, `${maxWaiting} commands are waiting already`);
      const packed = kind.shaper.pack(value);
      const seq = ++this.seq;
      this.waiting.push({ seq, bytes: writeCommand(seq, kind.type, packed), resolve, reject });
    });
  }

  /** restart begins on a new connection: the server has commands up to last, and gets again those that are newer. */
  restart(last: number): void {
    this.seq = Math.max(this.seq, last);
    const kept = this.sent.findIndex((command) => command.seq > last);
    if (kept >= 0) this.waiting.unshift(...this.sent.splice(kept));
  }

  /** next is what one frame can carry of what may be sent now; empty if nothing. */
  next(): Uint8Array[] {
    const out: Uint8Array[] = [];
    let size = 0;
    while (this.waiting.length > 0 && this.sent.length < window) {
      const command = this.waiting[0]!;
      if (out.length > 0 && size + command.bytes.length > maxBytes) break;
      size += command.bytes.length;
      out.push(command.bytes);
      this.sent.push(command);
      this.waiting.shift();
    }
    return out;
  }

  /** answer settles a command. */
  answer({ seq, refusal, why }: Answer): void {
    const i = this.sent.findIndex((command) => command.seq === seq);
    if (i < 0) return;
    const [command] = this.sent.splice(i, 1);
    if (refusal === 0) command!.resolve();
    else command!.reject(new TickwireError(Code.REFUSED, why || `refused (${refusal})`, { refusal }));
  }

  /** end rejects all that have no answer. */
  end(error: TickwireError): void {
    for (const command of [...this.sent.splice(0), ...this.waiting.splice(0)]) command.reject(error);
  }
}
