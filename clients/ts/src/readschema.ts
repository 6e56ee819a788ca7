import { Code, TickwireError } from "./error.js";
import { isBlob } from "./layout.js";
import { treeOf } from "./names.js";
import { type Column, type Field, FieldKind, Kind, type MessageSchema, type Schema, type TableSchema } from "./schema.js";
import type { RawColumn, RawField, RawMessage, RawSchema, RawTable } from "./welcome.js";
import type { Long } from "./wire.js";

const maxTables = 255;
const maxColumns = 31;
const maxMessages = 1024;
const maxFields = 1024;
const maxName = 255;
const maxK = 16;
// A ring frame's residual is coded with up to 3 more.
const maxColumnK = 13;

/** readSchema checks a schema that came from a server. It throws MALFORMED with the place and the reason. */
export function readSchema(schema: RawSchema): Schema {
  limit(schema.tables, maxTables, "tables");
  limit(schema.commands, maxMessages, "commands");
  limit(schema.events, maxMessages, "events");
  const out: Schema = {
    tables: schema.tables.map(readTable),
    commands: schema.commands.map((m) => readMessage(m, "command " + m.name)),
    events: schema.events.map((m) => readMessage(m, "event " + m.name)),
    ...(schema.input && { input: readMessage(schema.input, "the input") }),
  };
  distinct(out.tables, "table");
  distinct(out.commands, "command");
  distinct(out.events, "event");
  return out;
}

function readTable(table: RawTable): TableSchema {
  const place = "table " + table.name;
  limit(table.columns, maxColumns, "columns of " + place);
  limit(table.order, 256, "masks of " + place);
  demand(new Set(table.order).size === table.order.length, place, "a mask stands twice in its order");
  const columns = table.columns.map((c) => readColumn(c, place));
  tree(columns, place);
  return { name: table.name, columns, order: [...table.order], single: table.single };
}

function readColumn(c: RawColumn, table: string): Column {
  const place = `${table}, column ${c.name}`;
  const { kind } = c;
  demand(kind >= Kind.INT && kind <= Kind.BYTES, place, "unknown kind");
  demand(c.k <= maxColumnK && c.ke <= maxK, place, "k or ke is too great");
  demand(c.jump < 2 ** 31, place, "jump is too great");
  demand(c.drop < 64, place, "drop is too great");
  const { bits } = c;
  if (!isBlob(kind as Kind)) demand(bits >= 1 && bits <= (kind === Kind.ANGLE ? 32 : 64), place, "impossible number of bits");
  if (kind === Kind.FLOAT) demand(Number.isFinite(c.step) && c.step > 0, place, "step is not positive");
  const { name, k, ke, jump, unsigned, drop, lerp, step } = c;
  return { name, kind: kind as Kind, bits, k, ke, jump, unsigned, unit: c.unit || 1, drop, lerp, step };
}

function readMessage(message: RawMessage, place: string): MessageSchema {
  limit(message.fields, maxFields, "fields of " + place);
  const fields = message.fields.map((f) => readField(f, place));
  tree(fields, place);
  return { name: message.name, fields, internal: message.internal };
}

function readField(f: RawField, message: string): Field {
  const place = `${message}, field ${f.name}`;
  const { kind } = f;
  demand(kind >= FieldKind.INT && kind <= FieldKind.BYTES, place, "unknown kind");
  demand(Number.isFinite(f.step) && f.step >= 0, place, "step is not a number");
  const { name, edge, step, unsigned } = f;
  // An unsigned bound beyond 2^63 travels as the signed number of the same bits.
  const bound = (n: Long): Long => (unsigned && n < 0 ? BigInt.asUintN(64, BigInt(n)) : n);
  return { name, kind: kind as FieldKind, min: bound(f.min), max: bound(f.max), edge, step: step || 1, unsigned };
}

function tree(named: readonly { readonly name: string }[], place: string): void {
  try {
    treeOf(named.map((n) => n.name));
  } catch (e) {
    demand(false, place, (e as Error).message);
  }
}

function distinct(named: readonly { readonly name: string }[], what: string): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    demand(name !== "" && name !== "__proto__" && name.length <= maxName, `${what} ${name.slice(0, 80)}`, "not a name");
    demand(!seen.has(name), `${what} ${name}`, "its name stands twice");
    seen.add(name);
  }
}

function limit(list: readonly unknown[], max: number, what: string): void {
  demand(list.length <= max, what, `more than ${max}`);
}

function demand(ok: boolean, place: string, why: string): asserts ok {
  if (!ok) throw new TickwireError(Code.MALFORMED, `bad schema: ${place}: ${why}`);
}
