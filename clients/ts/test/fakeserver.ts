import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, type ClientOptions } from "../src/client.js";
import { ErrorSchema } from "../src/gen/tickwire/v1/error_pb.js";
import { ResumeRequestSchema, ResumeResponseSchema } from "../src/gen/tickwire/v1/lobby_pb.js";
import { Code, type Drop, type Leave, type Reconnect } from "../src/index.js";
import type { Room } from "../src/room.js";
import { type Arena, bodies, bytes, FakeSocket, fakeFetch, type FrameInit, settle, welcome } from "./fake.js";

/** refusal is how the lobby refuses a call. */
export function refusal(code: number): Response {
  const detail = btoa(String.fromCharCode(...toBinary(ErrorSchema, create(ErrorSchema, { code })))).replace(/=+$/, "");
  return new Response(JSON.stringify({ code: "aborted", message: "no", details: [{ type: "tickwire.v1.Error", value: detail }] }), { status: 400 });
}

/** FakeServer gives seats and lets sessions be resumed; a test decides what comes over the sockets. */
export class FakeServer {
  /** The tokens shown to Resume, and when, in milliseconds since the server was made. */
  readonly shown: string[] = [];
  readonly times: number[] = [];
  /** What Resume answers instead of a seat. */
  answer: ((signal: AbortSignal) => Response | Promise<Response>) | undefined;
  /** What every Welcome has. */
  welcome = { ...welcome, grace: 30 };

  private readonly start = performance.now();
  private generation = 0;

  client(options: ClientOptions = {}): Client {
    const join = fakeFetch();
    const fetch = ((url: string, init: RequestInit) => {
      if (!url.endsWith("/Resume")) return join(url, init);
      this.shown.push(fromBinary(ResumeRequestSchema, init.body as Uint8Array).token);
      this.times.push(Math.round(performance.now() - this.start));
      if (this.answer) return Promise.resolve(this.answer(init.signal!));
      const seat = { url: "ws://game.example/tickwire/v1/connect", ticket: `again${this.shown.length}`, roomId: "r1", sessionId: "s1", code: "ABCD" };
      return Promise.resolve(bytes(toBinary(ResumeResponseSchema, create(ResumeResponseSchema, { seat }))));
    }) as typeof globalThis.fetch;
    return new Client("http://lobby.example/", { fetch, WebSocket: FakeSocket, ...options });
  }

  /** join is a room with its first, whole frame. All it tells is written down. */
  async join(options: ClientOptions = {}, first: FrameInit = {}): Promise<Seated> {
    const joining = this.client(options).join<Arena>("r1");
    await settle();
    const socket = this.greet({ tick: 1, base: 1, body: bodies.whole, ...first });
    return new Seated(await joining, socket);
  }

  /** greet accepts the newest socket, with a token of the next generation. */
  greet(frame: FrameInit = {}, more: object = {}): FakeSocket {
    const socket = FakeSocket.last;
    socket.onopen?.({});
    const token = this.welcome.grace > 0 ? `rt1.${++this.generation}` : "";
    socket.deliver({ ...frame, welcome: { ...this.welcome, token, ...more } });
    return socket;
  }

  /** regreet accepts the newest socket of a session that is resumed by a client that kept its copy. */
  regreet(frame: FrameInit = {}, more: object = {}): FakeSocket {
    return this.greet(frame, { resumed: true, schema: undefined, ...more });
  }
}

/** Seated is a room, its first socket, and all that it told. */
export class Seated {
  readonly drops: Drop[] = [];
  readonly returns: Reconnect[] = [];
  readonly ends: Leave[] = [];

  constructor(
    readonly room: Room<Arena>,
    readonly socket: FakeSocket,
  ) {
    room.onDrop((why) => this.drops.push(why));
    room.onReconnect((how) => this.returns.push(how));
    room.onLeave((why) => this.ends.push(why));
  }
}

/** codes are the codes of a list, by name in the order told. */
export function codes(list: readonly { readonly code: number }[]): string[] {
  return list.map(({ code }) => Object.entries(Code).find(([, value]) => value === code)?.[0] ?? String(code));
}
