import { TickwireError } from "./error.js";
import type { Schema } from "./schema.js";
import type { Answer } from "./serverframe.js";
/** Commands are the reliable messages of one connection, each until its answer comes. */
export declare class Commands {
    private readonly kinds;
    private readonly waiting;
    private readonly sent;
    private seq;
    constructor(schema: Schema);
    /** add takes a command; the promise settles with its answer. */
    add(name: string, value: object): Promise<void>;
    /** next is what one frame can carry of what may be sent now; empty if nothing. */
    next(): Uint8Array[];
    /** answer settles a command. */
    answer({ seq, refusal, why }: Answer): void;
    /** end rejects all that have no answer. */
    end(error: TickwireError): void;
}
