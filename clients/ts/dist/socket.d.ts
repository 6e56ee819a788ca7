import { TickwireError } from "./error.js";
import type { Schema } from "./schema.js";
import { type ServerFrame } from "./serverframe.js";
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
/** SeatInfo is a seat that the lobby gave. */
export interface SeatInfo {
    readonly url: string;
    readonly ticket: string;
    readonly code: string;
}
/** Opened is a connection whose first frame has come. */
export interface Opened {
    readonly socket: Socket;
    readonly seat: SeatInfo;
    readonly roomId: string;
    readonly sessionId: string;
    readonly player: number;
    readonly game: string;
    readonly rate: number;
    readonly stride: number;
    readonly schema: Schema;
    /** The first frame, and its size. */
    readonly frame: ServerFrame;
    readonly bytes: number;
    /** From hello to that frame, in milliseconds. */
    readonly roundTrip: number;
}
/** openSocket connects to a seat and says hello. `done` is called in the message that welcomes, before any other comes. */
export declare function openSocket<T>(make: SocketClass, seat: SeatInfo, codec: "packed" | "plain", signal: AbortSignal | undefined, done: (opened: Opened) => T): Promise<T>;
/** frameOf decodes a message. */
export declare function frameOf(data: unknown): ServerFrame;
/** closeError is why a connection was closed. */
export declare function closeError(event: {
    readonly code: number;
    readonly reason: string;
}): TickwireError;
