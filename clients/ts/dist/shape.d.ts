import type { Handle } from "./rows.js";
import { type TableSchema } from "./schema.js";
/** Shape makes the objects of a table's rows. They read the store when they are asked, so a frame costs them nothing. */
export declare class Shape {
    private readonly root;
    private readonly reads;
    private readonly plans;
    constructor(table: TableSchema);
    /** view is the object of the row behind a handle: always the same. */
    view(handle: Handle): unknown;
    private make;
    private makeArray;
    /** plan is the properties of all objects of a branch; they share the getters, so that engines share their layout. */
    private plan;
}
