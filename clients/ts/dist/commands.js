import { writeCommand } from "./clientframe.js";
import { Code, TickwireError } from "./error.js";
import { Shaper } from "./messages.js";
/** Commands without an answer that may be on their way; the server takes no more of one player between two ticks. */
const window = 16;
/** Commands that may wait for their turn. */
const maxWaiting = 256;
/** The server takes messages up to 4 KiB; a frame is filled only this far. */
const maxBytes = 2048;
/** Commands are the reliable messages of one connection, each until its answer comes. */
export class Commands {
    kinds = new Map();
    waiting = [];
    sent = [];
    seq = 0;
    constructor(schema) {
        schema.commands.forEach((message, type) => {
            if (!message.internal)
                this.kinds.set(message.name, { type, shaper: new Shaper(message) });
        });
    }
    /** add takes a command; the promise settles with its answer. */
    add(name, value) {
        return new Promise((resolve, reject) => {
            const kind = this.kinds.get(name);
            if (!kind)
                throw new TickwireError(Code.OUT_OF_RANGE, `the game has no command ${JSON.stringify(name)}`);
            if (this.waiting.length >= maxWaiting)
                throw new TickwireError(Code.TOO_MANY, `${maxWaiting} commands are waiting already`);
            const packed = kind.shaper.pack(value);
            const seq = ++this.seq;
            this.waiting.push({ seq, bytes: writeCommand(seq, kind.type, packed), resolve, reject });
        });
    }
    /** next is what one frame can carry of what may be sent now; empty if nothing. */
    next() {
        const out = [];
        let size = 0;
        while (this.waiting.length > 0 && this.sent.length < window) {
            const command = this.waiting[0];
            if (out.length > 0 && size + command.bytes.length > maxBytes)
                break;
            size += command.bytes.length;
            out.push(command.bytes);
            this.sent.push(command);
            this.waiting.shift();
        }
        return out;
    }
    /** answer settles a command. */
    answer({ seq, refusal, why }) {
        const i = this.sent.findIndex((command) => command.seq === seq);
        if (i < 0)
            return;
        const [command] = this.sent.splice(i, 1);
        if (refusal === 0)
            command.resolve();
        else
            command.reject(new TickwireError(Code.REFUSED, why || `refused (${refusal})`, { refusal }));
    }
    /** end rejects all that have no answer. */
    end(error) {
        for (const command of [...this.sent.splice(0), ...this.waiting.splice(0)])
            command.reject(error);
    }
}
//# sourceMappingURL=commands.js.map