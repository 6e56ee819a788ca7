// For programs that play.
export { Client } from "./client.js";
export type { ClientOptions, CreateOptions, FindOptions, GameInfo, JoinOptions, ListOptions, RoomInfo, RoomList } from "./client.js";
export { Code, codeName, TickwireError } from "./error.js";
export type { Drop, EventInfo, Frame, Leave, Reconnect, Stats, Unsubscribe } from "./news.js";
export type { Room } from "./room.js";
export type { TokenStorage } from "./seats.js";
export type { Row, State, Table, Value } from "./table.js";

// For tools that read a game they do not know.
export { FieldKind, Kind } from "./schema.js";
export type { Socket, SocketClass } from "./socket.js";
export type { Column, Field, MessageSchema, Schema, TableSchema } from "./schema.js";
