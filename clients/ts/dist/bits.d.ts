import { TickwireError } from "./error.js";
/** badFrame is the error of a frame that is not what the codec says. */
export declare function badFrame(why: string): TickwireError;
/** width is the number of bits that hold 0 … n-1. */
export declare function width(n: number): number;
/** unzig undoes the zigzag of a signed number. */
export declare function unzig(u: number): number;
/** BitReader reads a bit stream, lowest bit of the first byte first. Reading past the end throws. */
export declare class BitReader {
    private data;
    private view;
    private pos;
    private end;
    /** load starts reading a body; the bytes are copied. */
    load(body: Uint8Array): void;
    /** finish throws unless all is read but the fill of the last byte. */
    finish(): void;
    /** bits reads n bits, n <= 31. */
    bits(n: number): number;
    /** eg reads an Exp-Golomb number of parameter k <= 20. */
    eg(k: number): number;
    /** bytes reads n whole bytes into memory of their own. */
    bytes(n: number): Uint8Array;
    private peek;
    private skip;
}
