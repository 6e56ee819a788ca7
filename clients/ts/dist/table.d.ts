/**
 * Table is a live, read-only view of the rows of one table that this client may see, in ID order. It, and the row
 * objects it gives, always show the newest state: a row object stays the same object as long as its row is in view, and
 * keeps its last values after that.
 */
export interface Table<T> extends Iterable<[id: number, row: T]> {
    /** The number of rows. */
    readonly size: number;
    /** get is the row with this ID, undefined if it is not in view. */
    get(id: number): T | undefined;
    /** has says whether the row is in view. */
    has(id: number): boolean;
    /** ids are the IDs, ascending. */
    ids(): IterableIterator<number>;
    /** values are the rows, ascending by ID. */
    values(): IterableIterator<T>;
}
/** A value of a row: scaled numbers, booleans, bigints of 64-bit columns, text, bytes, or nested objects and arrays. */
export type Value = number | boolean | bigint | string | Uint8Array | readonly Value[] | {
    readonly [name: string]: Value;
};
/** Row is a row whose shape the program does not know when it is compiled. */
export type Row = {
    readonly [name: string]: Value;
};
/**
 * State is the state of a room whose game the program does not know: tables by name, and the row itself for a Var.
 * Programs that know the game give Room their own type, such as `{ ships: Table<Ship>; round: Round }`.
 */
export type State = {
    readonly [name: string]: Table<Row> & Row;
};
