// What a program needs that only decodes: measured by size.mjs.
export { applyPacked } from "../src/packed.js";
export { Replica } from "../src/replica.js";
