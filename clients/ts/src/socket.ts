import { type Kept, writeClientFrame } from "./clientframe.js";
import { Code, TickwireError } from "./error.js";
import { Codec } from "./gen/tickwire/v1/session_pb.js";
import type { Seat } from "./lobby.js";
import { readSchema } from "./readschema.js";
import type { Schema } from "./schema.js";
import { readServerFrame, type ServerFrame } from "./serverframe.js";
import { readWelcome } from "./welcome.js";

/** Socket is what is used of a WebSocket: the browser's, or that of the package ws. */
export interface Socket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** SocketClass makes a Socket. */
export type SocketClass = new (url: string, protocols: string[]) => Socket;

/** Opened is a connection whose first frame has come. */
export interface Opened {
  readonly socket: Socket;
  readonly seat: Seat;
  readonly roomId: string;
  readonly sessionId: string;
  readonly player: number;
  readonly game: string;
  readonly rate: number;
  readonly stride: number;
  readonly schema: Schema;
  /** With which a lost connection is replaced; empty: it is not. */
  readonly token: string;
  /** For how many seconds the seat is kept then. */
  readonly grace: number;
  /** What the server has of the session, if it was there before. */
  readonly lastCommand: number;
  readonly lastInput: number;
  /** How many events it no longer had. */
  readonly lostEvents: number;
  /** The first frame, and its size. */
  readonly frame: ServerFrame;
  readonly bytes: number;
  /** From hello to that frame, in milliseconds. */
  readonly roundTrip: number;
}

const protocol = "tickwire.v1";
const agent = "tickwire-ts/0.1.0";
/** The server gives up a seat after 15 s, and a silent connection after 5. */
const openTimeout = 15_000;
const nothing: Kept = { lastTick: 0, lastEvent: 0, lastInput: 0 };

/** Opening says how to open a connection. */
export interface Opening {
  readonly make: SocketClass;
  readonly codec: "packed" | "plain";
  /** What is still here of the session that is resumed, and its schema; absent: the session is new, or nothing is. */
  readonly kept?: Kept & { readonly schema: Schema; readonly sessionId: string };
  /** The session was there before: it must not end because this connection fails. */
  readonly resumes?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** openSocket connects to a seat and says hello. `done` is called in the message that welcomes, before any other comes. */
export function openSocket<T>(seat: Seat, opening: Opening, done: (opened: Opened) => T): Promise<T> {
  const { make, codec, kept, resumes, signal } = opening;
  return new Promise((resolve, reject) => {
    let socket: Socket;
    try {
      socket = new make(seat.url, [protocol, "ticket." + seat.ticket]);
    } catch (e) {
      return reject(TickwireError.from(e, Code.NETWORK));
    }
    socket.binaryType = "arraybuffer";
    let helloAt = 0;
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      socket.onopen = socket.onmessage = socket.onclose = null;
    };
    const fail = (error: TickwireError): void => {
      settle();
      socket.onerror = () => {}; // some sockets throw errors that nobody hears
      socket.close(resumes ? undefined : 1000); // 1000 gives the seat back
      reject(error);
    };
    const aborted = (): void => fail(new TickwireError(Code.ABORTED, "the call was aborted"));
    const timer = setTimeout(() => fail(new TickwireError(Code.NETWORK, "the server did not answer in time")), openTimeout);
    signal?.addEventListener("abort", aborted);
    if (signal?.aborted) return aborted();
    socket.onerror = () => {}; // a close follows, and says more
    socket.onclose = (event: CloseEvent) => fail(closeError(event));
    socket.onopen = () => {
      helloAt = performance.now();
      const codecs = codec === "plain" ? [Codec.PLAIN] : [Codec.PACKED, Codec.PLAIN];
      socket.send(writeClientFrame({ hello: { codecs, agent, ...(kept ?? nothing) } }));
    };
    socket.onmessage = (event: MessageEvent) => {
      try {
        const opened = welcomed(socket, seat, event.data, performance.now() - helloAt, kept);
        settle();
        resolve(done(opened));
      } catch (e) {
        fail(TickwireError.from(e, Code.MALFORMED));
      }
    };
  });
}

/** frameOf decodes a message. */
export function frameOf(data: unknown): ServerFrame {
  if (!(data instanceof ArrayBuffer)) throw new TickwireError(Code.MALFORMED, "a message is not binary");
  return readServerFrame(new Uint8Array(data));
}

/** closeError is why a connection was closed. */
export function closeError(event: { readonly code: number; readonly reason: string }): TickwireError {
  const { code, reason } = event;
  if (code >= 4000) return new TickwireError(code, reason || "the server closed the connection");
  const violation = code === 1002 || code === 1003 || code === 1007 || code === 1009;
  return new TickwireError(Code.NETWORK, reason || (violation ? `the server refused a message (${code})` : "the connection broke"));
}

function welcomed(socket: Socket, seat: Seat, data: unknown, roundTrip: number, kept: Opening["kept"]): Opened {
  const frame = frameOf(data);
  if (frame.bye) throw new TickwireError(frame.bye.code, frame.bye.message);
  if (!frame.welcome) throw new TickwireError(Code.MALFORMED, "the first frame is no welcome");
  const welcome = readWelcome(frame.welcome);
  const { rate, stride, resumed, sessionId } = welcome;
  if (kept && !(resumed && sessionId === kept.sessionId)) throw new TickwireError(Code.MALFORMED, "this is another session");
  const schema = welcome.schema ? readSchema(welcome.schema) : kept?.schema;
  if (!schema || rate < 1 || rate > 1000 || stride < 1) throw new TickwireError(Code.MALFORMED, "the welcome is not complete");
  return { ...welcome, socket, seat, schema, frame, bytes: (data as ArrayBuffer).byteLength, roundTrip };
}
