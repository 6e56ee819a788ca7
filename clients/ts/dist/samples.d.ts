import type { Replica } from "./replica.js";
import type { Blob } from "./rows.js";
/** Sample is the state of one tick, kept to be drawn later. */
export interface Sample {
    tick: number;
    /** The server's time of the tick, in milliseconds. */
    at: number;
    tables: SampleTable[];
}
/** SampleTable is a copy of a table's rows. */
export interface SampleTable {
    count: number;
    ids: Uint32Array;
    cells: Int32Array;
    blobs: Blob[][];
}
/** Samples are the last states, oldest first. */
export declare class Samples {
    readonly list: Sample[];
    private readonly spare;
    /** take copies the state of a tick. */
    take(replica: Replica, at: number): void;
    /** forget drops the samples that are not needed to draw a moment or a later one. */
    forget(moment: number): void;
}
/** Between says how to draw a moment: each value is that of `from` plus `share` of the way to `to`. */
export interface Between<T> {
    from: T;
    to?: T;
    share: number;
}
/**
 * between finds how to draw a moment out of samples in order of time. Before the first one it is the first; after the
 * last one motion goes on for 100 ms, which is a negative share of the way back.
 */
export declare function between<T extends {
    readonly at: number;
}>(samples: readonly T[], moment: number): Between<T> | undefined;
