import type { Replica } from "./replica.js";
/** applyPlain applies a Delta message. If it throws, the replica takes only a whole frame. */
export declare function applyPlain(replica: Replica, tick: number, base: number, delta: Uint8Array): void;
