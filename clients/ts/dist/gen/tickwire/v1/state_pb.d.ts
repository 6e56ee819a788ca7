import type { GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";
/**
 * Describes the file tickwire/v1/state.proto.
 */
export declare const file_tickwire_v1_state: GenFile;
/**
 * Delta is a change of state in the plain codec, against the state that ServerFrame.base names. Applying it is plain
 * assignment: the client predicts nothing.
 *
 * @generated from message tickwire.v1.Delta
 */
export type Delta = Message<"tickwire.v1.Delta"> & {
    /**
     * The tables that changed, in ascending order.
     *
     * @generated from field: repeated tickwire.v1.TableDelta tables = 1;
     */
    tables: TableDelta[];
};
/**
 * Describes the message tickwire.v1.Delta.
 * Use `create(DeltaSchema)` to create a new message.
 */
export declare const DeltaSchema: GenMessage<Delta>;
/**
 * TableDelta is what changed in one table.
 *
 * @generated from message tickwire.v1.TableDelta
 */
export type TableDelta = Message<"tickwire.v1.TableDelta"> & {
    /**
     * Index into Schema.tables.
     *
     * @generated from field: uint32 table = 1;
     */
    table: number;
    /**
     * IDs of rows that left the client's view, ascending.
     *
     * @generated from field: repeated uint32 gone = 2;
     */
    gone: number[];
    /**
     * Rows that are new or changed, ascending by ID.
     *
     * @generated from field: repeated tickwire.v1.Row rows = 3;
     */
    rows: Row[];
};
/**
 * Describes the message tickwire.v1.TableDelta.
 * Use `create(TableDeltaSchema)` to create a new message.
 */
export declare const TableDeltaSchema: GenMessage<TableDelta>;
/**
 * Row is one new or changed row. A row that the client does not hold starts with every cell, blob and velocity zero or
 * empty.
 *
 * @generated from message tickwire.v1.Row
 */
export type Row = Message<"tickwire.v1.Row"> & {
    /**
     * The row's ID. A Var is row 1 of its table.
     *
     * @generated from field: uint32 id = 1;
     */
    id: number;
    /**
     * Bit set of the columns that follow: bit i is column i of the table.
     *
     * @generated from field: uint32 columns = 2;
     */
    columns: number;
    /**
     * The cells of those columns, in order: one for each integer, bool, pos, angle or float column, two (low 32 bits,
     * high 32 bits) for each wide column, none for a string or bytes column.
     *
     * @generated from field: repeated sint32 cells = 3;
     */
    cells: number[];
    /**
     * The string and bytes columns among those columns, in order.
     *
     * @generated from field: repeated bytes blobs = 4;
     */
    blobs: Uint8Array[];
    /**
     * Change per stride of every pos column of the table, in order. Absent: as before. It enters the hash.
     *
     * @generated from field: repeated sint32 velocities = 5;
     */
    velocities: number[];
};
/**
 * Describes the message tickwire.v1.Row.
 * Use `create(RowSchema)` to create a new message.
 */
export declare const RowSchema: GenMessage<Row>;
