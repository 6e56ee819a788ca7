import { Shape } from "./shape.js";
/** The ID of a Var's only row. */
const varId = 1;
/** makeState makes the objects by which a program reads tables: one property for each. */
export function makeState(schema, sources) {
    const state = {};
    schema.tables.forEach((table, i) => {
        const source = sources[i];
        const shape = new Shape(table);
        const value = table.single ? shape.view(source.awaited(varId)) : new RowTable(source, shape);
        Object.defineProperty(state, table.name, { value, enumerable: true });
    });
    return state;
}
class RowTable {
    #source;
    #shape;
    constructor(source, shape) {
        this.#source = source;
        this.#shape = shape;
    }
    get size() {
        return this.#source.count;
    }
    get(id) {
        const row = this.#source.find(id);
        return row < 0 ? undefined : this.#shape.view(this.#source.handle(row));
    }
    has(id) {
        return this.#source.find(id) >= 0;
    }
    *ids() {
        for (let row = 0; row < this.#source.count; row++)
            yield this.#source.ids[row];
    }
    *values() {
        for (let row = 0; row < this.#source.count; row++)
            yield this.#shape.view(this.#source.handle(row));
    }
    *[Symbol.iterator]() {
        const source = this.#source;
        for (let row = 0; row < source.count; row++)
            yield [source.ids[row], this.#shape.view(source.handle(row))];
    }
    /** So that JSON shows a table as an object of rows by ID. */
    toJSON() {
        return Object.fromEntries(this);
    }
}
//# sourceMappingURL=state.js.map