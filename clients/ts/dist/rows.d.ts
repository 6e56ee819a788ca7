import type { Layout } from "./layout.js";
/** Blob is a string or bytes of a row. It never changes, so rows and copies may share it. */
export interface Blob {
    readonly bytes: Uint8Array;
    /** The text, once it was asked for. */
    text?: string;
}
/** Store is where the values of rows are. */
export interface Store {
    cells: Int32Array | Float64Array;
    /** The blobs of each row. Empty if the table has none. */
    blobs: readonly Blob[][];
}
/** Handle says where one row is now; the row's object reads through it. */
export interface Handle {
    store: Store;
    /** The index of the row. */
    row: number;
    /** The index of its first cell. */
    at: number;
    /** The row's object. */
    view?: unknown;
}
/** Rows are the rows of one table that this client holds, ascending by ID, cells and velocities side by side. */
export declare class Rows implements Store {
    readonly layout: Layout;
    count: number;
    ids: Uint32Array<ArrayBuffer>;
    cells: Int32Array;
    blobs: Blob[][];
    staged: number;
    stagedIds: Uint32Array<ArrayBuffer>;
    stagedCells: Int32Array;
    stagedBlobs: Blob[][];
    private handles;
    private orphans;
    private readonly lasting;
    constructor(layout: Layout, lasting?: boolean);
    /** find is the index of the row with this ID, or -1. */
    find(id: number): number;
    /** handle is the handle of a row. */
    handle(row: number): Handle;
    /** awaited is the handle of a row that may not be here yet. */
    awaited(id: number): Handle;
    /** clear drops all rows. Those that enter before the next merge ends keep their handles. */
    clear(): void;
    /** remove drops rows given by index, strictly ascending. */
    remove(gone: Uint32Array, n: number): void;
    /** stage makes place for a row that enters, like the one staged before it, and is its first cell in stagedCells. */
    stage(id: number): number;
    /** stageEmpty is stage for a row that starts with zeros. */
    stageEmpty(id: number): number;
    /** merge puts the staged rows in their places; their IDs ascend. */
    merge(): void;
    private forget;
    private reserve;
    private move;
    private detach;
}
/** emptyHandle is the handle of a row of zeros. */
export declare function emptyHandle(layout: Layout): Handle;
