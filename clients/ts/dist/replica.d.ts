import { Rows } from "./rows.js";
import type { Schema } from "./schema.js";
/** Bases of a frame: a difference to the last frame, or to nothing. Greater ones are ring: base - 1 ticks ago. */
export declare const chain = 0;
export declare const whole = 1;
/**
 * Replica is this client's copy of a room's state. A frame that is bad or whose hash differs leaves it untrusted: it
 * then takes only a whole frame.
 */
export declare class Replica {
    readonly schema: Schema;
    readonly tables: readonly Rows[];
    /** The tick of the last frame that was applied. */
    tick: number;
    /** The highest ID told since the last whole frame; packed codec. */
    maxId: number;
    private good;
    constructor(schema: Schema);
    /** trusted says whether the copy is that of tick; if not, the next frame must be whole. */
    get trusted(): boolean;
    /** distrust is called when the copy is not right after all. */
    distrust(): void;
    /** begin checks the base of a frame; the copy is untrusted until end. */
    begin(tick: number, base: number): void;
    /** end says that a frame was applied in full. */
    end(tick: number): void;
    /** hash is the hash of all rows, as ServerFrame.hash. */
    hash(): number;
}
