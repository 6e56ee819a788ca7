import type { Handle } from "./rows.js";
import type { Schema } from "./schema.js";
/** RowSource is where the rows of a Table are: the copy itself, or a picture between two moments. */
export interface RowSource {
    readonly count: number;
    readonly ids: Uint32Array;
    find(id: number): number;
    handle(row: number): Handle;
    /** The handle of a row that may not be there; it then shows zeros until the row comes. */
    awaited(id: number): Handle;
}
/** makeState makes the objects by which a program reads tables: one property for each. */
export declare function makeState(schema: Schema, sources: readonly RowSource[]): object;
