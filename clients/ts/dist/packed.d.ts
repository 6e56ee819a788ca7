import { type Replica } from "./replica.js";
/** applyPacked applies a body of the packed codec. If it throws, the replica takes only a whole frame. */
export declare function applyPacked(replica: Replica, tick: number, base: number, body: Uint8Array): void;
