import { Code, TickwireError } from "./error.js";
import { treeOf } from "./names.js";
import { FieldKind } from "./schema.js";
import { utf8 } from "./wire.js";
const encoder = new TextEncoder();
const none = new Uint8Array(0);
/** Shaper turns the objects of one kind of message into what is sent, and back. */
export class Shaper {
    name;
    fields;
    tree;
    /** For each field its index among the values, or among the blobs. */
    places;
    sizes;
    constructor(message, name = message.name) {
        this.name = name;
        this.fields = message.fields;
        this.tree = treeOf(message.fields.map((f) => f.name));
        let values = 0;
        let blobs = 0;
        this.places = message.fields.map((f) => (isBlob(f) ? blobs++ : values++));
        this.sizes = { values, blobs };
    }
    /** pack checks an object and packs it; what is left out is zero. It throws OUT_OF_RANGE. */
    pack(value) {
        const out = { values: new Array(this.sizes.values).fill(0), blobs: new Array(this.sizes.blobs).fill(none) };
        this.packNode(this.tree, value, "", out);
        return out;
    }
    /** unpack makes an object; what was left out is zero. */
    unpack(values, blobs) {
        return this.unpackNode(this.tree, values, blobs);
    }
    /** merge takes over from `older` the presses that `newer` does not have. */
    merge(newer, older) {
        this.eachEdge(newer, (list, i) => {
            const before = list === newer.values ? older.values : older.blobs;
            if (isZero(list[i]))
                list[i] = before[i];
        });
    }
    /** release clears the presses. */
    release(packed) {
        this.eachEdge(packed, (list, i) => {
            list[i] = list === packed.values ? 0 : none;
        });
    }
    eachEdge(packed, visit) {
        this.fields.forEach((f, i) => {
            if (f.edge)
                visit(isBlob(f) ? packed.blobs : packed.values, this.places[i]);
        });
    }
    packNode(node, value, path, out) {
        if ("index" in node) {
            const field = this.fields[node.index];
            const place = this.places[node.index];
            if (isBlob(field))
                out.blobs[place] = this.blob(field, value);
            else
                out.values[place] = this.number(field, value);
            return;
        }
        if (typeof value !== "object" || value === null)
            throw this.wrong(path, "must be an object");
        for (const [key, part] of Object.entries(value)) {
            if (part === undefined)
                continue;
            const inner = node.keys.get(key);
            if (!inner)
                throw this.wrong(path + key, "is not one of its fields");
            this.packNode(inner, part, `${path}${key}.`, out);
        }
    }
    unpackNode(node, values, blobs) {
        if (!("index" in node)) {
            const parts = [...node.keys].map(([key, inner]) => [key, this.unpackNode(inner, values, blobs)]);
            return node.array ? parts.map((p) => p[1]) : Object.fromEntries(parts);
        }
        const field = this.fields[node.index];
        const place = this.places[node.index];
        if (field.kind === FieldKind.BYTES)
            return (blobs[place] ?? none).slice();
        if (field.kind === FieldKind.STRING)
            return utf8(blobs[place] ?? none);
        const n = values[place] ?? 0;
        if (field.kind === FieldKind.BOOL)
            return n !== 0;
        if (field.kind === FieldKind.FLOAT)
            return Number(n) * field.step;
        return field.unsigned && n < 0 ? BigInt.asUintN(64, BigInt(n)) : n;
    }
    number(field, value) {
        if (field.kind === FieldKind.BOOL) {
            if (typeof value === "boolean")
                return value ? 1 : 0;
            if (value === 0 || value === 1)
                return value;
            throw this.wrong(field.name, "must be true or false");
        }
        let n = value;
        if (field.kind === FieldKind.FLOAT && typeof value === "number")
            n = Math.floor(value / field.step + 0.5);
        if (typeof n === "bigint" ? false : !Number.isSafeInteger(n))
            throw this.wrong(field.name, "must be a whole number");
        const long = n;
        if (long < field.min || long > field.max) {
            const scale = field.kind === FieldKind.FLOAT ? ` times ${field.step}` : "";
            throw this.wrong(field.name, `must be from ${field.min} to ${field.max}${scale}, not ${String(value)}`);
        }
        return long;
    }
    blob(field, value) {
        const text = field.kind === FieldKind.STRING;
        if (text ? typeof value !== "string" : !(value instanceof Uint8Array)) {
            throw this.wrong(field.name, text ? "must be a string" : "must be a Uint8Array");
        }
        const bytes = typeof value === "string" ? encoder.encode(value) : value.slice();
        if (bytes.length > field.max)
            throw this.wrong(field.name, `must have at most ${field.max} bytes`);
        return bytes;
    }
    wrong(field, why) {
        return new TickwireError(Code.OUT_OF_RANGE, `${this.name}: ${field.replace(/\.$/, "") || "it"} ${why}`);
    }
}
function isBlob(field) {
    return field.kind === FieldKind.STRING || field.kind === FieldKind.BYTES;
}
function isZero(value) {
    return value instanceof Uint8Array ? value.length === 0 : value == 0;
}
//# sourceMappingURL=messages.js.map