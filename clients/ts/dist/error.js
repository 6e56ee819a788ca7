import { Code as WireCode } from "./gen/tickwire/v1/error_pb.js";
/**
 * Code is why something was refused or ended. 4200 and above are the protocol's codes, which are also the close codes of
 * the WebSocket; the small numbers are this client's own.
 */
export const Code = {
    /** The server did not say. */
    UNKNOWN: 0,
    /** The game did not take a command; `refusal` is the game's own number for the reason. */
    REFUSED: 1,
    /** The server could not be reached, or the connection broke. Retry. */
    NETWORK: 2,
    /** The caller's AbortSignal ended the call. */
    ABORTED: 3,
    /** The room was left by this client. */
    LEFT: 4,
    /** The game's program threw inside a callback; `cause` is what it threw. */
    CALLBACK: 5,
    OVER: WireCode.OVER,
    MALFORMED: WireCode.MALFORMED,
    UNAUTHENTICATED: WireCode.UNAUTHENTICATED,
    FORBIDDEN: WireCode.FORBIDDEN,
    NOT_FOUND: WireCode.NOT_FOUND,
    LATE: WireCode.LATE,
    IDLE: WireCode.IDLE,
    SUPERSEDED: WireCode.SUPERSEDED,
    SILENT: WireCode.SILENT,
    EXPIRED: WireCode.EXPIRED,
    SLOW: WireCode.SLOW,
    OUT_OF_RANGE: WireCode.OUT_OF_RANGE,
    FULL: WireCode.FULL,
    TOO_MANY: WireCode.TOO_MANY,
    KICKED: WireCode.KICKED,
    GAME_FAILED: WireCode.GAME_FAILED,
    STOPPING: WireCode.STOPPING,
};
const names = new Map(Object.entries(Code).map(([name, code]) => [code, name]));
/** codeName is the name of a code: "FULL" for 4423. A code without a name is its number. */
export function codeName(code) {
    return names.get(code) ?? String(code);
}
/** TickwireError is every error that this package throws or rejects with. */
export class TickwireError extends Error {
    name = "TickwireError";
    /** Why, one of Code. */
    code;
    /** The name of the code. */
    codeName;
    constructor(code, message, options = {}) {
        super(message, "cause" in options ? { cause: options.cause } : undefined);
        this.code = code;
        this.codeName = codeName(code);
        if (options.refusal !== undefined)
            this.refusal = options.refusal;
    }
    /** from makes a TickwireError of anything thrown; one that is a TickwireError stays as it is. */
    static from(reason, code = Code.UNKNOWN) {
        if (reason instanceof TickwireError)
            return reason;
        const message = reason instanceof Error ? reason.message : String(reason);
        return new TickwireError(code, message, { cause: reason });
    }
}
//# sourceMappingURL=error.js.map