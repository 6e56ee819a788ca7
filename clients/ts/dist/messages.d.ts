import { type MessageSchema } from "./schema.js";
import { type Long } from "./wire.js";
/** Packed is a message as it is sent: numbers and blobs in the order of the fields. */
export interface Packed {
    values: Long[];
    blobs: Uint8Array[];
}
/** Shaper turns the objects of one kind of message into what is sent, and back. */
export declare class Shaper {
    readonly name: string;
    private readonly fields;
    private readonly tree;
    /** For each field its index among the values, or among the blobs. */
    private readonly places;
    private readonly sizes;
    constructor(message: MessageSchema, name?: string);
    /** pack checks an object and packs it; what is left out is zero. It throws OUT_OF_RANGE. */
    pack(value: object): Packed;
    /** unpack makes an object; what was left out is zero. */
    unpack(values: readonly Long[], blobs: readonly Uint8Array[]): object;
    /** merge takes over from `older` the presses that `newer` does not have. */
    merge(newer: Packed, older: Packed): void;
    /** release clears the presses. */
    release(packed: Packed): void;
    private eachEdge;
    private packNode;
    private unpackNode;
    private number;
    private blob;
    private wrong;
}
