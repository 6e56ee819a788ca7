import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import * as pb from "../src/gen/tickwire/v1/lobby_pb.js";
import { Client, Code, TickwireError } from "../src/index.js";
import { bytes, FakeSocket, fakeFetch, settle } from "./fake.js";

function client(reply: (method: string, body: Uint8Array) => Response, url = "http://a.example/"): Client {
  return new Client(url, { name: "ann", fetch: fakeFetch(reply), WebSocket: FakeSocket });
}

test("list asks with the filter and answers plain objects", async () => {
  const rooms = [{ id: "r1", game: "arena", players: 3, maxPlayers: 64, options: { map: "ice" } }];
  const games = [{ name: "arena", maxPlayers: 64, rate: 30 }];
  const c = client((method, body) => {
    expect(method).toBe("List");
    expect(fromBinary(pb.ListRequestSchema, body)).toMatchObject({ game: "arena", options: { map: "ice" } });
    return bytes(toBinary(pb.ListResponseSchema, create(pb.ListResponseSchema, { rooms, games, nextPage: "p2" })));
  });
  expect(await c.list({ game: "arena", options: { map: "ice" } })).toEqual({ rooms, games, nextPage: "p2" });
});

test.each([
  ["create", (c: Client) => c.create("arena", { private: true, options: { a: "b" } }), pb.CreateRequestSchema, { game: "arena", name: "ann", private: true, options: { a: "b" } }],
  ["join", (c: Client) => c.join("r1", { name: "bob" }), pb.JoinRequestSchema, { room: { case: "roomId", value: "r1" }, name: "bob" }],
  ["join", (c: Client) => c.join({ code: "abcd" }), pb.JoinRequestSchema, { room: { case: "code", value: "abcd" } }],
  ["joinOrCreate", (c: Client) => c.joinOrCreate("arena"), pb.JoinOrCreateRequestSchema, { game: "arena", name: "ann" }],
  ["joinOrCreate", (c: Client) => c.lobby(), pb.JoinOrCreateRequestSchema, { game: "lobby" }],
] as const)("%s asks for a seat", async (method, call, schema, want) => {
  let asked: unknown;
  const c = client((name, body) => {
    expect(name.toLowerCase()).toBe(method.toLowerCase());
    asked = fromBinary(schema as typeof pb.JoinRequestSchema, body);
    return new Response("{}", { status: 503 });
  });
  await expect(call(c)).rejects.toBeInstanceOf(TickwireError);
  expect(asked).toMatchObject(want);
});

const detail = [{ type: "tickwire.v1.Error", value: "CMci" }]; // code 4423, as Connect writes it: base64 without padding
test.each([
  ["a detail has the code", 429, { code: "resource_exhausted", message: "the room is full", details: detail }, Code.FULL, "the room is full"],
  ["a foreign detail has not", 404, { code: "not_found", message: "m", details: [{ type: "x", value: "CMci" }] }, Code.NOT_FOUND, "m"],
  ["a broken detail has not", 403, { code: "permission_denied", details: [{ type: "tickwire.v1.Error", value: "%" }, null] }, Code.FORBIDDEN, "the server answered 403"],
  ["no JSON", 502, "<html>", Code.UNKNOWN, "the server answered 502"],
  ["JSON of another kind", 500, null, Code.UNKNOWN, "the server answered 500"],
])("errors: %s", async (_, status, body, code, message) => {
  const c = client(() => new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  await expect(c.list()).rejects.toMatchObject({ code, message });
});

test("an answer that is no message is typed, too", async () => {
  await expect(client(() => bytes(Uint8Array.of(0xff))).list()).rejects.toBeInstanceOf(TickwireError);
});

test("a server that cannot be reached, and a call that is aborted", async () => {
  const fails = new Client("http://a.example", { fetch: () => Promise.reject(new TypeError("fetch failed")) });
  await expect(fails.list()).rejects.toMatchObject({ code: Code.NETWORK, message: "fetch failed" });
  const stop = new AbortController();
  stop.abort();
  await expect(fails.list({ signal: stop.signal })).rejects.toMatchObject({ code: Code.ABORTED });
  const opening = new Client("http://a.example", { fetch: fakeFetch(), WebSocket: FakeSocket });
  const second = new AbortController();
  const joining = opening.join("r1", { signal: second.signal });
  await settle();
  second.abort();
  await expect(joining).rejects.toMatchObject({ code: Code.ABORTED });
  expect(FakeSocket.last.closed).toBe(1000);
});

test.each([
  ["ws://a.example:8080/base/", "http://a.example:8080/base/tickwire.v1.LobbyService/List"],
  ["https://a.example", "https://a.example/tickwire.v1.LobbyService/List"],
])("the lobby of %s", async (url, want) => {
  let got = "";
  let headers: unknown;
  const fetch = ((address: string, init: RequestInit) => {
    got = address;
    headers = init.headers;
    return Promise.resolve(bytes(new Uint8Array()));
  }) as typeof globalThis.fetch;
  await new Client(url, { fetch, token: "jwt" }).list();
  expect(got).toBe(want);
  expect(headers).toMatchObject({ "content-type": "application/proto", authorization: "Bearer jwt" });
});

test("an address that is none", () => expect(() => new Client("not an address")).toThrow(TickwireError));
