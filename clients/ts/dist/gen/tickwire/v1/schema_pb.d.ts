import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Message as Message$1 } from "@bufbuild/protobuf";
/**
 * Describes the file tickwire/v1/schema.proto.
 */
export declare const file_tickwire_v1_schema: GenFile;
/**
 * Schema describes all that a game shares with its clients. It is sent once, in Welcome.
 *
 * @generated from message tickwire.v1.Schema
 */
export type Schema = Message$1<"tickwire.v1.Schema"> & {
    /**
     * What is replicated, in wire order.
     *
     * @generated from field: repeated tickwire.v1.Table tables = 1;
     */
    tables: Table[];
    /**
     * What a player sends every tick. Absent: the game takes no inputs.
     *
     * @generated from field: tickwire.v1.Message input = 2;
     */
    input?: Message | undefined;
    /**
     * Reliable messages to the game; Command.type is an index into this list.
     *
     * @generated from field: repeated tickwire.v1.Message commands = 3;
     */
    commands: Message[];
    /**
     * Messages from the game; Event.type is an index into this list.
     *
     * @generated from field: repeated tickwire.v1.Message events = 4;
     */
    events: Message[];
    /**
     * Hash of all names and kinds: equal for two builds whose saved states fit each other.
     *
     * @generated from field: fixed64 state_hash = 5;
     */
    stateHash: bigint;
    /**
     * Hash of all that decides bits on the wire.
     *
     * @generated from field: fixed64 codec_hash = 6;
     */
    codecHash: bigint;
};
/**
 * Describes the message tickwire.v1.Schema.
 * Use `create(SchemaSchema)` to create a new message.
 */
export declare const SchemaSchema: GenMessage<Schema>;
/**
 * Table is a set of rows of one shape.
 *
 * @generated from message tickwire.v1.Table
 */
export type Table = Message$1<"tickwire.v1.Table"> & {
    /**
     * Its name.
     *
     * @generated from field: string name = 1;
     */
    name: string;
    /**
     * Its columns, in wire order. At most 31.
     *
     * @generated from field: repeated tickwire.v1.Column columns = 2;
     */
    columns: Column[];
    /**
     * Masks of changed groups with the shortest codes, most frequent first; packed codec only.
     *
     * @generated from field: repeated uint32 order = 3;
     */
    order: number[];
    /**
     * True for a Var: exactly one row, with ID 1.
     *
     * @generated from field: bool single = 4;
     */
    single: boolean;
};
/**
 * Describes the message tickwire.v1.Table.
 * Use `create(TableSchema)` to create a new message.
 */
export declare const TableSchema: GenMessage<Table>;
/**
 * Column is one value of a row.
 *
 * @generated from message tickwire.v1.Column
 */
export type Column = Message$1<"tickwire.v1.Column"> & {
    /**
     * Its name in lower camel case; nested structs and arrays are joined with dots: "pos.x", "cells.0".
     *
     * @generated from field: string name = 1;
     */
    name: string;
    /**
     * Its kind.
     *
     * @generated from field: tickwire.v1.ColumnKind kind = 2;
     */
    kind: ColumnKind;
    /**
     * Width of the value in bits: 1 for bool, 8 to 64 for numbers, 0 for strings and bytes.
     *
     * @generated from field: uint32 bits = 3;
     */
    bits: number;
    /**
     * Exp-Golomb parameter of changes; packed codec only.
     *
     * @generated from field: uint32 k = 4;
     */
    k: number;
    /**
     * Exp-Golomb parameter when the row enters; packed codec only.
     *
     * @generated from field: uint32 ke = 5;
     */
    ke: number;
    /**
     * A pos column that moves by more than this many cell units in one frame has jumped: velocity 0, do not interpolate.
     * 0: it never jumps.
     *
     * @generated from field: uint32 jump = 6;
     */
    jump: number;
    /**
     * The cell is to be read as unsigned.
     *
     * @generated from field: bool unsigned = 7;
     */
    unsigned: boolean;
    /**
     * Field units per 1.0, for display. 0: 1.
     *
     * @generated from field: uint32 unit = 8;
     */
    unit: number;
    /**
     * Low bits of the field that are not sent: field value = cell << drop.
     *
     * @generated from field: uint32 drop = 9;
     */
    drop: number;
    /**
     * The client should interpolate it.
     *
     * @generated from field: bool lerp = 10;
     */
    lerp: boolean;
    /**
     * Float columns: value = cell * step.
     *
     * @generated from field: double step = 11;
     */
    step: number;
};
/**
 * Describes the message tickwire.v1.Column.
 * Use `create(ColumnSchema)` to create a new message.
 */
export declare const ColumnSchema: GenMessage<Column>;
/**
 * Message is the shape of an input, a command or an event.
 *
 * @generated from message tickwire.v1.Message
 */
export type Message = Message$1<"tickwire.v1.Message"> & {
    /**
     * Its name. Empty for the input.
     *
     * @generated from field: string name = 1;
     */
    name: string;
    /**
     * Its fields, in wire order.
     *
     * @generated from field: repeated tickwire.v1.Field fields = 2;
     */
    fields: Field[];
    /**
     * Only the server itself may send it; from a client it is refused.
     *
     * @generated from field: bool internal = 3;
     */
    internal: boolean;
};
/**
 * Describes the message tickwire.v1.Message.
 * Use `create(MessageSchema)` to create a new message.
 */
export declare const MessageSchema: GenMessage<Message>;
/**
 * Field is one value of a message.
 *
 * @generated from message tickwire.v1.Field
 */
export type Field = Message$1<"tickwire.v1.Field"> & {
    /**
     * Its name in lower camel case; nested structs and arrays are joined with dots.
     *
     * @generated from field: string name = 1;
     */
    name: string;
    /**
     * Its kind.
     *
     * @generated from field: tickwire.v1.FieldKind kind = 2;
     */
    kind: FieldKind;
    /**
     * Least allowed value.
     *
     * @generated from field: sint64 min = 3;
     */
    min: bigint;
    /**
     * Greatest allowed value; for strings and bytes the greatest length in bytes.
     *
     * @generated from field: sint64 max = 4;
     */
    max: bigint;
    /**
     * A press rather than a state: it is cleared when the server has to repeat an input.
     *
     * @generated from field: bool edge = 5;
     */
    edge: boolean;
    /**
     * Float fields: value = number * step.
     *
     * @generated from field: double step = 6;
     */
    step: number;
    /**
     * The number is to be read as unsigned 64 bit.
     *
     * @generated from field: bool unsigned = 7;
     */
    unsigned: boolean;
};
/**
 * Describes the message tickwire.v1.Field.
 * Use `create(FieldSchema)` to create a new message.
 */
export declare const FieldSchema: GenMessage<Field>;
/**
 * ColumnKind is how a column is kept in cells and coded.
 *
 * @generated from enum tickwire.v1.ColumnKind
 */
export declare enum ColumnKind {
    /**
     * Never sent.
     *
     * @generated from enum value: COLUMN_KIND_UNSPECIFIED = 0;
     */
    UNSPECIFIED = 0,
    /**
     * One cell, sent as a difference.
     *
     * @generated from enum value: COLUMN_KIND_INT = 1;
     */
    INT = 1,
    /**
     * One cell, 0 or 1; a change flips it.
     *
     * @generated from enum value: COLUMN_KIND_BOOL = 2;
     */
    BOOL = 2,
    /**
     * One cell, predicted from its velocity.
     *
     * @generated from enum value: COLUMN_KIND_POS = 3;
     */
    POS = 3,
    /**
     * One cell of `bits` bits that wraps.
     *
     * @generated from enum value: COLUMN_KIND_ANGLE = 4;
     */
    ANGLE = 4,
    /**
     * Two cells: low and high 32 bits of a 64-bit integer.
     *
     * @generated from enum value: COLUMN_KIND_WIDE = 5;
     */
    WIDE = 5,
    /**
     * One cell, to be multiplied by step.
     *
     * @generated from enum value: COLUMN_KIND_FLOAT = 6;
     */
    FLOAT = 6,
    /**
     * UTF-8 text; no cell.
     *
     * @generated from enum value: COLUMN_KIND_STRING = 7;
     */
    STRING = 7,
    /**
     * Bytes; no cell.
     *
     * @generated from enum value: COLUMN_KIND_BYTES = 8;
     */
    BYTES = 8
}
/**
 * Describes the enum tickwire.v1.ColumnKind.
 */
export declare const ColumnKindSchema: GenEnum<ColumnKind>;
/**
 * FieldKind is how a field of a message is sent.
 *
 * @generated from enum tickwire.v1.FieldKind
 */
export declare enum FieldKind {
    /**
     * Never sent.
     *
     * @generated from enum value: FIELD_KIND_UNSPECIFIED = 0;
     */
    UNSPECIFIED = 0,
    /**
     * An integer in values.
     *
     * @generated from enum value: FIELD_KIND_INT = 1;
     */
    INT = 1,
    /**
     * 0 or 1 in values.
     *
     * @generated from enum value: FIELD_KIND_BOOL = 2;
     */
    BOOL = 2,
    /**
     * An integer in values, to be multiplied by step.
     *
     * @generated from enum value: FIELD_KIND_FLOAT = 3;
     */
    FLOAT = 3,
    /**
     * UTF-8 text in blobs.
     *
     * @generated from enum value: FIELD_KIND_STRING = 4;
     */
    STRING = 4,
    /**
     * Bytes in blobs.
     *
     * @generated from enum value: FIELD_KIND_BYTES = 5;
     */
    BYTES = 5
}
/**
 * Describes the enum tickwire.v1.FieldKind.
 */
export declare const FieldKindSchema: GenEnum<FieldKind>;
