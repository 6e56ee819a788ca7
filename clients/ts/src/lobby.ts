import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { Code, TickwireError } from "./error.js";
import { many, map, one, read, type Spec, text, u32 } from "./spec.js";
import { delimited, Reader, varint } from "./wire.js";

/** Request is the fields of any request to the lobby, by number: text, a flag, or texts by text. */
export type Request = readonly (string | boolean | Readonly<Record<string, string>> | undefined)[];

/** Call calls a method of the lobby service. */
export type Call = <M>(method: string, request: Request, answer: Spec<M>, signal: AbortSignal | undefined) => Promise<M>;

/** Seat is a place in a room, as lobby.proto says. */
export interface Seat {
  url: string;
  ticket: string;
  roomId: string;
  sessionId: string;
  code: string;
}

/** SeatAnswer is the answer to every call that takes a seat. */
export const seatAnswer: Spec<{ seat?: Seat }> = {
  make: () => ({}),
  fields: [
    ,
    one("seat", {
      make: () => ({ url: "", ticket: "", roomId: "", sessionId: "", code: "" }),
      fields: [, text("url"), text("ticket"), text("roomId"), text("sessionId"), text("code")],
    }),
  ],
};

interface ListAnswer {
  rooms: { id: string; game: string; players: number; maxPlayers: number; options: Record<string, string> }[];
  nextPage: string;
  games: { name: string; maxPlayers: number; rate: number }[];
}

/** listAnswer is the answer to List. */
export const listAnswer: Spec<ListAnswer> = {
  make: () => ({ rooms: [], nextPage: "", games: [] }),
  fields: [
    ,
    many("rooms", {
      make: () => ({ id: "", game: "", players: 0, maxPlayers: 0, options: {} }),
      fields: [, text("id"), text("game"), u32("players"), u32("maxPlayers"), map("options")],
    }),
    text("nextPage"),
    many("games", { make: () => ({ name: "", maxPlayers: 0, rate: 0 }), fields: [, text("name"), u32("maxPlayers"), u32("rate")] }),
  ],
};

const errorDetail: Spec<{ code: number }> = { make: () => ({ code: 0 }), fields: [, u32("code")] };

/** The Connect protocol's own words for what a server says without a code of ours. */
const codes: Record<string, number> = {
  canceled: Code.ABORTED,
  invalid_argument: Code.MALFORMED,
  not_found: Code.NOT_FOUND,
  permission_denied: Code.FORBIDDEN,
  unauthenticated: Code.UNAUTHENTICATED,
  resource_exhausted: Code.TOO_MANY,
  unavailable: Code.STOPPING,
};

/** makeCall makes calls to the lobby of a server, over the Connect protocol with protobuf. */
export function makeCall(base: string, fetch: typeof globalThis.fetch, token: string | undefined): Call {
  const headers: Record<string, string> = { "content-type": "application/proto", "connect-protocol-version": "1" };
  if (token !== undefined) headers["authorization"] = "Bearer " + token;
  return async (method, request, answer, signal) => {
    try {
      const body = writeRequest(request);
      const response = await fetch(`${base}/tickwire.v1.LobbyService/${method}`, { method: "POST", headers, body, signal: signal ?? null });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (!response.ok) throw errorOf(response.status, bytes);
      return read(new Reader(bytes), answer);
    } catch (e) {
      if (signal?.aborted) throw new TickwireError(Code.ABORTED, "the call was aborted", { cause: e });
      throw TickwireError.from(e, Code.NETWORK);
    }
  };
}

function writeRequest(request: Request): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  request.forEach((value, field) => {
    if (typeof value === "string") w.tag(field, delimited).string(value);
    else if (typeof value === "boolean") w.tag(field, varint).bool(value);
    else {
      for (const [key, text] of Object.entries(value ?? {})) {
        w.tag(field, delimited).fork();
        w.tag(1, delimited).string(key);
        w.tag(2, delimited).string(text).join();
      }
    }
  });
  return w.finish();
}

/** errorOf reads a refusal: JSON with a code, a message, and details of which one is our Error message. */
function errorOf(status: number, body: Uint8Array): TickwireError {
  let json: { code?: unknown; message?: unknown; details?: unknown } = {};
  try {
    json = Object(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    // Not from the lobby, but from something in between: the status says all.
  }
  const message = typeof json.message === "string" && json.message ? json.message : `the server answered ${status}`;
  const details: unknown[] = Array.isArray(json.details) ? json.details : [];
  for (const detail of details) {
    const { type, value } = Object(detail) as { type?: unknown; value?: unknown };
    const code = type === "tickwire.v1.Error" && typeof value === "string" ? detailCode(value) : 0;
    if (code > 0) return new TickwireError(code, message);
  }
  const code = typeof json.code === "string" ? codes[json.code] : status === 429 ? Code.TOO_MANY : undefined;
  return new TickwireError(code ?? Code.UNKNOWN, message);
}

function detailCode(base64: string): number {
  try {
    return read(new Reader(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))), errorDetail).code;
  } catch {
    return 0; // a detail that cannot be read says nothing
  }
}
