import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Client, type ClientOptions } from "../src/client.js";
import * as lobby from "../src/gen/tickwire/v1/lobby_pb.js";
import { ColumnKind, FieldKind, SchemaSchema } from "../src/gen/tickwire/v1/schema_pb.js";
import { type ClientFrame, ClientFrameSchema, Codec, ServerFrameSchema, WelcomeSchema } from "../src/gen/tickwire/v1/session_pb.js";
import { readSchema } from "../src/readschema.js";
import type { Room } from "../src/room.js";
import type { Schema } from "../src/schema.js";
import type { Socket } from "../src/socket.js";
import type { Table } from "../src/table.js";
import { readWelcome } from "../src/welcome.js";
import { hex } from "./support.js";

/** The state of the schema below. */
export interface Arena {
  ships: Table<{ x: number; y: number; angle: number; hp: number; on: boolean }>;
}

export type FrameInit = Omit<MessageInitShape<typeof ServerFrameSchema>, "$typeName">;

/** The shape of the protocol's worked example, with messages. */
export const schema = create(SchemaSchema, {
  tables: [
    {
      name: "ships",
      columns: [
        { name: "x", kind: ColumnKind.POS, bits: 32, ke: 11, lerp: true },
        { name: "y", kind: ColumnKind.POS, bits: 32, ke: 11, lerp: true },
        { name: "angle", kind: ColumnKind.ANGLE, bits: 8, k: 2, ke: 7, unsigned: true, lerp: true },
        { name: "hp", kind: ColumnKind.INT, bits: 8, k: 2, ke: 6, unsigned: true },
        { name: "on", kind: ColumnKind.BOOL, bits: 1, k: 2, ke: 6 },
      ],
    },
  ],
  input: {
    fields: [
      { name: "thrust", kind: FieldKind.INT, min: -1n, max: 1n },
      { name: "fire", kind: FieldKind.BOOL, max: 1n, edge: true },
    ],
  },
  commands: [
    { name: "tick", internal: true },
    { name: "say", fields: [{ name: "text", kind: FieldKind.STRING, max: 10n }] },
  ],
  events: [{ name: "hit", fields: [{ name: "by", kind: FieldKind.INT, min: 0n, max: 1000n }] }, { name: "start" }],
});

/** Bodies of the worked example, and what frames of no change are: chain, and ring. */
export const bodies = { whole: hex("ce 47 64 44 32 54 90 23 1b ab 11 c7 70 01"), chain: hex("23 70 b3 06"), still: hex("05"), ring: hex("0b") };

/** FakeSocket is a WebSocket whose other end is the test. */
export class FakeSocket implements Socket {
  static last: FakeSocket;
  binaryType = "blob";
  bufferedAmount = 0;
  onopen: ((event: any) => void) | null = null;
  onmessage: ((event: any) => void) | null = null;
  onclose: ((event: any) => void) | null = null;
  onerror: ((event: any) => void) | null = null;
  readonly sent: ClientFrame[] = [];
  closed: number | undefined;
  /** Whether close answers at once. */
  answersClose = true;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.last = this;
  }

  send(data: Uint8Array): void {
    this.sent.push(fromBinary(ClientFrameSchema, data));
  }

  close(code?: number): void {
    if (this.closed !== undefined) return;
    this.closed = code ?? 1005;
    if (this.answersClose) queueMicrotask(() => this.onclose?.({ code: this.closed, reason: "" }));
  }

  /** deliver is a message from the server. */
  deliver(frame: FrameInit): void {
    const bytes = toBinary(ServerFrameSchema, create(ServerFrameSchema, frame as MessageInitShape<typeof ServerFrameSchema>));
    this.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  }

  /** take is what was sent since the last take. */
  take(): ClientFrame[] {
    return this.sent.splice(0);
  }
}

export const welcome = { roomId: "r1", sessionId: "s1", player: 7, rate: 30, stride: 1, codec: Codec.PACKED, game: "arena", schema };

/** step lets the server send a frame of no change. */
export function step(socket: FakeSocket, more: FrameInit = {}): void {
  socket.deliver({ base: 0, body: bodies.still, ...more });
}

/** answer is a fetch that gives a seat, or what the test wants. */
export function fakeFetch(reply?: (method: string, body: Uint8Array) => Response): typeof fetch {
  return ((url: string, init: RequestInit) => {
    const method = url.split("/").pop()!;
    const seat = { url: "ws://game.example/tickwire/v1/connect", ticket: "t1", roomId: "r1", sessionId: "s1", code: "ABCD" };
    const seatOf = (): Response => bytes(toBinary(lobby.JoinResponseSchema, create(lobby.JoinResponseSchema, { seat })));
    return Promise.resolve(reply ? reply(method, init.body as Uint8Array) : seatOf());
  }) as typeof fetch;
}

export function bytes(body: Uint8Array): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, { headers: { "content-type": "application/proto" } });
}

/** joined is a room whose first frame is whole, and its socket. */
export async function joined<S>(first: FrameInit = {}, options: ClientOptions = {}): Promise<{ room: Room<S>; socket: FakeSocket }> {
  const client = new Client("http://lobby.example/", { fetch: fakeFetch(), WebSocket: FakeSocket, ...options });
  const joining = client.join<S>("r1", { name: "ann" });
  await settle();
  const socket = FakeSocket.last;
  socket.onopen?.({});
  socket.deliver({ tick: 1, base: 1, body: bodies.whole, welcome, ...first });
  const room = await joining;
  return { room, socket };
}

/** schemaFrom sends a schema through protobuf and reads it as a client does. */
export function schemaFrom(schema: object): Schema {
  const welcome = create(WelcomeSchema, { schema });
  return readSchema(readWelcome(toBinary(WelcomeSchema, welcome)).schema!);
}

/** settle lets promises run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
