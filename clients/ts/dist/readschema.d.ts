import type * as pb from "./gen/tickwire/v1/schema_pb.js";
import { type Schema } from "./schema.js";
/** readSchema checks a schema that came from a server. It throws MALFORMED with the place and the reason. */
export declare function readSchema(schema: pb.Schema): Schema;
