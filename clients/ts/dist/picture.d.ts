import { type Blob, type Handle, type Store } from "./rows.js";
import type { Between, Sample, SampleTable } from "./samples.js";
import { type Schema, type TableSchema } from "./schema.js";
/** Picture is the state of a moment between two ticks. Its rows are those that were there at the tick before. */
export declare class Picture {
    readonly tables: readonly PictureTable[];
    constructor(schema: Schema);
    /** draw makes it the picture of a moment. stride is the number of ticks between two frames. */
    draw({ from, to, share }: Between<Sample>, stride: number): void;
}
/** PictureTable is one table of a picture. Its cells need not be whole numbers. */
export declare class PictureTable implements Store {
    count: number;
    ids: Uint32Array<ArrayBuffer>;
    cells: Float64Array;
    blobs: readonly Blob[][];
    private readonly layout;
    private readonly lerps;
    private readonly lasting;
    private readonly handles;
    constructor(table: TableSchema);
    find(id: number): number;
    handle(row: number): Handle;
    awaited(id: number): Handle;
    /** draw takes the rows of `from`, moved by a share of the way to where they are in `to`. */
    draw(from: SampleTable, to: SampleTable | undefined, share: number, frames: number): void;
    private move;
    private moveRow;
    private sameRows;
    private reserve;
    /** detach lets the objects of rows that are not in `from` keep their last values. */
    private detach;
    private seat;
}
