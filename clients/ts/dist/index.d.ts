export { Client } from "./client.js";
export type { ClientOptions, CreateOptions, FindOptions, GameInfo, JoinOptions, ListOptions, RoomInfo, RoomList } from "./client.js";
export { Code, codeName, TickwireError } from "./error.js";
export type { EventInfo, Frame, Leave, Room, Stats, Unsubscribe } from "./room.js";
export type { Row, State, Table, Value } from "./table.js";
export { FieldKind, Kind } from "./schema.js";
export type { Socket, SocketClass } from "./socket.js";
export type { Column, Field, MessageSchema, Schema, TableSchema } from "./schema.js";
