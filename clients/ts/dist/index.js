// For programs that play.
export { Client } from "./client.js";
export { Code, codeName, TickwireError } from "./error.js";
// For tools that read a game they do not know.
export { FieldKind, Kind } from "./schema.js";
//# sourceMappingURL=index.js.map