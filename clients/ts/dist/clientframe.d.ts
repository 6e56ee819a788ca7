import type { Packed } from "./messages.js";
/** ClientFrame is what one message to the server may carry. */
export interface ClientFrame {
    ack?: number;
    /** The tick that input is meant for. */
    first?: number;
    input?: Packed;
    view?: number;
    ping?: number;
    hello?: {
        codecs: readonly number[];
        agent: string;
    };
    /** Encoded with writeCommand. */
    commands?: readonly Uint8Array[];
    resync?: {
        tick: number;
        reason: number;
    };
}
/** writeClientFrame encodes a frame. */
export declare function writeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer>;
/** writeCommand encodes a command. */
export declare function writeCommand(seq: number, type: number, packed: Packed): Uint8Array;
