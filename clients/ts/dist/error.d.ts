import { Code as WireCode } from "./gen/tickwire/v1/error_pb.js";
/**
 * Code is why something was refused or ended. 4200 and above are the protocol's codes, which are also the close codes of
 * the WebSocket; the small numbers are this client's own.
 */
export declare const Code: {
    /** The server did not say. */
    readonly UNKNOWN: 0;
    /** The game did not take a command; `refusal` is the game's own number for the reason. */
    readonly REFUSED: 1;
    /** The server could not be reached, or the connection broke. Retry. */
    readonly NETWORK: 2;
    /** The caller's AbortSignal ended the call. */
    readonly ABORTED: 3;
    /** The room was left by this client. */
    readonly LEFT: 4;
    /** The game's program threw inside a callback; `cause` is what it threw. */
    readonly CALLBACK: 5;
    readonly OVER: WireCode.OVER;
    readonly MALFORMED: WireCode.MALFORMED;
    readonly UNAUTHENTICATED: WireCode.UNAUTHENTICATED;
    readonly FORBIDDEN: WireCode.FORBIDDEN;
    readonly NOT_FOUND: WireCode.NOT_FOUND;
    readonly LATE: WireCode.LATE;
    readonly IDLE: WireCode.IDLE;
    readonly SUPERSEDED: WireCode.SUPERSEDED;
    readonly SILENT: WireCode.SILENT;
    readonly EXPIRED: WireCode.EXPIRED;
    readonly SLOW: WireCode.SLOW;
    readonly OUT_OF_RANGE: WireCode.OUT_OF_RANGE;
    readonly FULL: WireCode.FULL;
    readonly TOO_MANY: WireCode.TOO_MANY;
    readonly KICKED: WireCode.KICKED;
    readonly GAME_FAILED: WireCode.GAME_FAILED;
    readonly STOPPING: WireCode.STOPPING;
};
/** codeName is the name of a code: "FULL" for 4423. A code without a name is its number. */
export declare function codeName(code: number): string;
/** TickwireError is every error that this package throws or rejects with. */
export declare class TickwireError extends Error {
    readonly name = "TickwireError";
    /** Why, one of Code. */
    readonly code: number;
    /** The name of the code. */
    readonly codeName: string;
    /** The game's own number, if the code is REFUSED. */
    readonly refusal?: number;
    constructor(code: number, message: string, options?: {
        cause?: unknown;
        refusal?: number;
    });
    /** from makes a TickwireError of anything thrown; one that is a TickwireError stays as it is. */
    static from(reason: unknown, code?: number): TickwireError;
}
