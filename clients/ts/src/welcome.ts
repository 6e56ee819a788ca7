import { bool, double, many, one, read, s64, type Spec, text, u32, u32s } from "./spec.js";
import { type Long, Reader } from "./wire.js";

/** Welcome is what a server says first; the schema is not checked yet. Fields are those of session.proto. */
export interface Welcome {
  roomId: string;
  sessionId: string;
  player: number;
  rate: number;
  stride: number;
  codec: number;
  schema?: RawSchema;
  game: string;
  token: string;
  grace: number;
  resumed: boolean;
  lastCommand: number;
  lastInput: number;
  lostEvents: number;
}

/** RawSchema is a schema as it came. */
export interface RawSchema {
  tables: RawTable[];
  input?: RawMessage;
  commands: RawMessage[];
  events: RawMessage[];
}

export interface RawTable {
  name: string;
  columns: RawColumn[];
  order: number[];
  single: boolean;
}

export interface RawColumn {
  name: string;
  kind: number;
  bits: number;
  k: number;
  ke: number;
  jump: number;
  unsigned: boolean;
  unit: number;
  drop: number;
  lerp: boolean;
  step: number;
}

export interface RawMessage {
  name: string;
  fields: RawField[];
  internal: boolean;
}

export interface RawField {
  name: string;
  kind: number;
  min: Long;
  max: Long;
  edge: boolean;
  step: number;
  unsigned: boolean;
}

const column: Spec<RawColumn> = {
  make: () => ({ name: "", kind: 0, bits: 0, k: 0, ke: 0, jump: 0, unsigned: false, unit: 0, drop: 0, lerp: false, step: 0 }),
  fields: [
    ,
    text("name"),
    u32("kind"),
    u32("bits"),
    u32("k"),
    u32("ke"),
    u32("jump"),
    bool("unsigned"),
    u32("unit"),
    u32("drop"),
    bool("lerp"),
    double("step"),
  ],
};

const table: Spec<RawTable> = {
  make: () => ({ name: "", columns: [], order: [], single: false }),
  fields: [, text("name"), many("columns", column), u32s("order"), bool("single")],
};

const field: Spec<RawField> = {
  make: () => ({ name: "", kind: 0, min: 0, max: 0, edge: false, step: 0, unsigned: false }),
  fields: [, text("name"), u32("kind"), s64("min"), s64("max"), bool("edge"), double("step"), bool("unsigned")],
};

const message: Spec<RawMessage> = {
  make: () => ({ name: "", fields: [], internal: false }),
  fields: [, text("name"), many("fields", field), bool("internal")],
};

const schema: Spec<RawSchema> = {
  make: () => ({ tables: [], commands: [], events: [] }),
  fields: [, many("tables", table), one("input", message), many("commands", message), many("events", message)],
};

const welcome: Spec<Welcome> = {
  make: () => ({
    roomId: "", sessionId: "", player: 0, rate: 0, stride: 0, codec: 0, game: "",
    token: "", grace: 0, resumed: false, lastCommand: 0, lastInput: 0, lostEvents: 0,
  }),
  fields: [
    ,
    text("roomId"),
    text("sessionId"),
    u32("player"),
    u32("rate"),
    u32("stride"),
    u32("codec"),
    one("schema", schema),
    text("game"),
    text("token"),
    u32("grace"),
    bool("resumed"),
    u32("lastCommand"),
    u32("lastInput"),
    u32("lostEvents"),
  ],
};

/** readWelcome decodes a Welcome message. */
export function readWelcome(data: Uint8Array): Welcome {
  return read(new Reader(data), welcome);
}
