import { type Long } from "./wire.js";
/** ServerFrame is one decoded message of the server. Bytes are views of the message's memory. */
export interface ServerFrame {
    tick: number;
    base: number;
    inputAge: number;
    slack: number;
    body?: Uint8Array;
    delta?: Uint8Array;
    events: WireEvent[];
    hash?: number;
    pong?: {
        id: number;
        tick: number;
        heldUs: number;
    };
    welcome?: Uint8Array;
    bye?: {
        code: number;
        message: string;
    };
    answers: Answer[];
    stride: number;
}
/** WireEvent is an event as it is sent. */
export interface WireEvent {
    seq: number;
    type: number;
    age: number;
    values: Long[];
    blobs: Uint8Array[];
}
/** Answer is what became of a command. */
export interface Answer {
    seq: number;
    refusal: number;
    why: string;
}
/** readServerFrame decodes a frame. It throws MALFORMED. */
export declare function readServerFrame(data: Uint8Array): ServerFrame;
