import type { Unsubscribe } from "./room.js";
/** Listeners are callbacks that may be taken back. */
export declare class Listeners<A extends unknown[]> {
    private list;
    private readonly failed;
    /** failed takes what a callback throws: one that fails must not keep the others from being called. */
    constructor(failed: (error: unknown) => void);
    get size(): number;
    add(callback: (...args: A) => void): Unsubscribe;
    emit(...args: A): void;
}
