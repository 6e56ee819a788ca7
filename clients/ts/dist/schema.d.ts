/**
 * Kind is how a column is kept in cells and coded. The numbers are those of the wire's ColumnKind.
 */
export declare const Kind: {
    readonly INT: 1;
    readonly BOOL: 2;
    readonly POS: 3;
    readonly ANGLE: 4;
    readonly WIDE: 5;
    readonly FLOAT: 6;
    readonly STRING: 7;
    readonly BYTES: 8;
};
export type Kind = (typeof Kind)[keyof typeof Kind];
/** FieldKind is how a field of a message is sent. The numbers are those of the wire's FieldKind. */
export declare const FieldKind: {
    readonly INT: 1;
    readonly BOOL: 2;
    readonly FLOAT: 3;
    readonly STRING: 4;
    readonly BYTES: 5;
};
export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];
/** Schema is all that a game shares with its clients: sent once, in Welcome, and checked before use. */
export interface Schema {
    readonly tables: readonly TableSchema[];
    /** What a player sends every tick; absent if the game takes no inputs. */
    readonly input?: MessageSchema;
    /** Reliable messages to the game. */
    readonly commands: readonly MessageSchema[];
    /** Messages from the game. */
    readonly events: readonly MessageSchema[];
}
/** TableSchema is the shape of a table's rows. */
export interface TableSchema {
    readonly name: string;
    readonly columns: readonly Column[];
    /** Masks of changed groups with the shortest codes, most frequent first. */
    readonly order: readonly number[];
    /** True for a Var: one row, with ID 1. */
    readonly single: boolean;
}
/** Column is one replicated value of a row; the fields mean what they mean in schema.proto. */
export interface Column {
    readonly name: string;
    readonly kind: Kind;
    readonly bits: number;
    readonly k: number;
    readonly ke: number;
    readonly jump: number;
    readonly unsigned: boolean;
    readonly unit: number;
    readonly drop: number;
    readonly lerp: boolean;
    readonly step: number;
}
/** MessageSchema is the shape of an input, a command or an event. */
export interface MessageSchema {
    readonly name: string;
    readonly fields: readonly Field[];
    /** Only the server itself sends it. */
    readonly internal: boolean;
}
/** Field is one value of a message; the fields mean what they mean in schema.proto. */
export interface Field {
    readonly name: string;
    readonly kind: FieldKind;
    readonly min: number | bigint;
    readonly max: number | bigint;
    readonly edge: boolean;
    readonly step: number;
    readonly unsigned: boolean;
}
