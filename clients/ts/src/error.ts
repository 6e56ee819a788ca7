import { FrameError } from "./frameerror.js";

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
  /** The room's game came to its end. */
  OVER: 4200,
  /** What one side sent is not what the protocol says: a bug. */
  MALFORMED: 4400,
  /** No ticket or token, or one that is forged or expired. Join again. */
  UNAUTHENTICATED: 4401,
  /** A foreign page, a wrong identity, or a token that a newer one has replaced. */
  FORBIDDEN: 4403,
  /** No such game, room, code or session. */
  NOT_FOUND: 4404,
  /** The connection was too slow to open. Retry. */
  LATE: 4408,
  /** No input for too long. Retry when the player is back. */
  IDLE: 4409,
  /** A newer connection took the seat. */
  SUPERSEDED: 4410,
  /** Nothing was heard from the other side for too long. Retry. */
  SILENT: 4411,
  /** The connection has reached its greatest age. Retry. */
  EXPIRED: 4412,
  /** The client did not read what was sent to it in time. Retry. */
  SLOW: 4413,
  /** A value outside its range, or something the game does not have. Thrown before anything is sent. */
  OUT_OF_RANGE: 4422,
  /** The room has no free seat. Retry with another room. */
  FULL: 4423,
  /** Too many frames, bytes, calls or commands. Retry later and slower. */
  TOO_MANY: 4429,
  /** The game removed the player. */
  KICKED: 4430,
  /** The game failed and its room ended. Join another one. */
  GAME_FAILED: 4500,
  /** The server is stopping. Retry elsewhere. */
  STOPPING: 4503,
  /** The server has as much to do as it can. Retry later. */
  BUSY: 4529,
} as const;

/** What leaves the session where it is: a connection that ended so can be replaced. */
const lost: readonly number[] = [Code.LATE, Code.SILENT, Code.EXPIRED, Code.SLOW, Code.TOO_MANY, Code.BUSY];

/** isLoss says whether a connection that ended with a code was only lost. All other codes end the session itself. */
export function isLoss(code: number): boolean {
  return code < Code.OVER || lost.includes(code);
}

/** isRefusal says whether an answer to a reconnect token means that it will never be good again. */
export function isRefusal(code: number): boolean {
  return code === Code.UNAUTHENTICATED || code === Code.FORBIDDEN || code === Code.NOT_FOUND;
}

/** codeName is the name of a code: "FULL" for 4423. A code without a name is its number. */
export function codeName(code: number): string {
  return Object.entries(Code).find((entry) => entry[1] === code)?.[0] ?? String(code);
}

/** TickwireError is every error that this package throws or rejects with. */
export class TickwireError extends Error {
  override readonly name = "TickwireError";
  /** Why, one of Code. */
  readonly code: number;
  /** The name of the code. */
  readonly codeName: string;
  /** The game's own number, if the code is REFUSED. */
  declare readonly refusal?: number;

  constructor(code: number, message: string, options: { cause?: unknown; refusal?: number } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.codeName = codeName(code);
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }

  /** from makes a TickwireError of anything thrown; one that is a TickwireError stays as it is. */
  static from(reason: unknown, code: number = Code.UNKNOWN): TickwireError {
    if (reason instanceof TickwireError) return reason;
    const message = reason instanceof Error ? reason.message : String(reason);
    return new TickwireError(reason instanceof FrameError ? Code.MALFORMED : code, message, { cause: reason });
  }
}
