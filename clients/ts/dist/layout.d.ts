import { Kind, type TableSchema } from "./schema.js";
/** Layout is how a table's rows lie in memory, and what the codec must know of each column. */
export interface Layout {
    /** Cells of a row; its velocities follow. */
    readonly cells: number;
    /** Strings and bytes of a row. */
    readonly blobs: number;
    /** Cells and velocities of a row. */
    readonly span: number;
    readonly columns: readonly Slot[];
    readonly groups: readonly Group[];
    /** The masks by their codes; absent if there are more than 8 groups: masks are then sent as they are. */
    readonly masks?: Uint8Array;
    /** All pos columns: what moves even if nothing is said of a row. */
    readonly moving: readonly Slot[];
}
/** Slot is one column. */
export interface Slot {
    readonly kind: Kind;
    /** Where its cell is in the row; where its blob is among the blobs, for strings and bytes. */
    readonly cell: number;
    /** Where its velocity is in the row; pos only. */
    readonly velocity: number;
    readonly k: number;
    readonly ke: number;
    /** The greatest step that is not a jump; 2^31 if it never jumps. */
    readonly jump: number;
    /** 32 - bits; angles only. */
    readonly shift: number;
}
/** Group is a run of columns that share one bit in a mask: adjacent pos columns, or any other single column. */
export interface Group {
    readonly kind: Kind;
    readonly slots: readonly Slot[];
}
/** layoutOf derives a table's layout. */
export declare function layoutOf(table: TableSchema): Layout;
/** isBlob says whether a column of this kind has no cell. */
export declare function isBlob(kind: Kind): boolean;
