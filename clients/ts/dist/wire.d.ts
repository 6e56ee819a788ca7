/** Wire types of protobuf that Reader knows. */
export declare const varint = 0;
export declare const delimited = 2;
/** Integers of a message: numbers, or bigints where a number cannot hold them. */
export type Long = number | bigint;
/** Reader reads protobuf fields without making objects. A read past the end throws. */
export declare class Reader {
    pos: number;
    readonly data: Uint8Array;
    readonly end: number;
    constructor(data: Uint8Array, from?: number, end?: number);
    get more(): boolean;
    /** u32 reads the low 32 bits of a varint. */
    u32(): number;
    s32(): number;
    /** s64 reads a zigzag varint of 64 bits. */
    s64(): Long;
    fixed32(): number;
    /** bytes is a view of the frame's memory. */
    bytes(): Uint8Array;
    text(): string;
    /** message is a reader of a nested message. */
    message(): Reader;
    /** pass skips a field that is not known. */
    pass(tag: number): void;
    /** each calls read for a repeated number: one, or many packed. */
    each(tag: number, read: (reader: Reader) => void): void;
    private skip;
}
/** utf8 decodes text; what is not UTF-8 becomes U+FFFD. */
export declare function utf8(bytes: Uint8Array): string;
