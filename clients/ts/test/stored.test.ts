import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client, Code, type TokenStorage } from "../src/index.js";
import { bodies, FakeSocket, settle } from "./fake.js";
import { codes, FakeServer, refusal } from "./fakeserver.js";

class Store implements TokenStorage {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

let server: FakeServer;
let storage: Store;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  server = new FakeServer();
  storage = new Store();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const key = "tickwire:http://lobby.example";
const kept = (): unknown => JSON.parse(storage.getItem(key) ?? "null");

/** reload is what a page does that was loaded again. */
async function reload(room?: string | { code: string }): ReturnType<Client["resumeStored"]> {
  const resuming = server.client({ storage }).resumeStored(room);
  await settle();
  return resuming;
}

test("each welcome's token is kept, and forgotten when the room is left, at once", async () => {
  const { room, socket } = await server.join({ storage });
  await vi.advanceTimersByTimeAsync(1);
  expect(kept()).toEqual([["r1", { token: "rt1.1", game: "arena", code: "ABCD" }]]);
  expect(room.token).toBe("rt1.1");
  socket.onclose?.({ code: 1006, reason: "" });
  await vi.advanceTimersByTimeAsync(250);
  server.regreet({ tick: 31, base: 31, body: bodies.ring });
  expect(kept()).toEqual([["r1", { token: "rt1.2", game: "arena", code: "ABCD" }]]);
  expect(room.token).toBe("rt1.2");
  FakeSocket.last.answersClose = false;
  void room.leave();
  expect([...storage.kept]).toEqual([]);
});

test.each([
  ["the room is over", 4200, {}, 30, false],
  ["the way back is lost", 1006, {}, 30, false],
  ["a lost connection is not replaced, for it can still be", 1006, { reconnect: false }, 30, true],
  ["the game keeps no seats", 1006, {}, 0, false],
])("when %s", async (_, code, options, grace, stays) => {
  server.welcome.grace = grace;
  const { socket, ends } = await server.join({ storage, ...options });
  await vi.advanceTimersByTimeAsync(1);
  expect(storage.kept.size).toBe(grace > 0 ? 1 : 0);
  server.answer = () => refusal(Code.NOT_FOUND);
  socket.onclose?.({ code, reason: "" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(ends).toHaveLength(1);
  expect(storage.kept.size).toBe(stays ? 1 : 0);
});

test.each([
  ["a room's ID", "r1"],
  ["its code", { code: "abcd" }],
  ["nothing: the newest", undefined],
])("a page that was loaded again takes the session up by %s", async (_, room) => {
  await server.join({ storage });
  const resuming = server.client({ storage }).resumeStored(room);
  await settle();
  const socket = server.greet({ tick: 60, base: 1, body: bodies.whole }, { resumed: true });
  const again = await resuming;
  expect(again).toMatchObject({ roomId: "r1", sessionId: "s1", player: 7, token: "rt1.2", grace: 30, connected: true });
  expect(socket.protocols).toEqual(["tickwire.v1", "ticket.again1"]);
  expect(kept()).toMatchObject([["r1", { token: "rt1.2" }]]);
});

test("the newest is the room whose welcome came last", async () => {
  for (const roomId of ["r1", "r2", "r1"]) {
    server.welcome.roomId = roomId;
    await server.join({ storage });
  }
  server.answer = () => refusal(Code.NOT_FOUND);
  await reload();
  await reload();
  expect(server.shown).toEqual(["rt1.3", "rt1.2"]);
});

test("what is not there is not taken up, and nobody is asked", async () => {
  await server.join({ storage });
  expect(await reload("r2")).toBeUndefined();
  expect(await reload({ code: "XYZ" })).toBeUndefined();
  storage.kept.clear();
  expect(await reload()).toBeUndefined();
  expect(await server.client().resumeStored()).toBeUndefined();
  expect(server.shown).toEqual([]);
});

test.each(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"] as const)("one that is answered %s is forgotten without an error", async (name) => {
  await server.join({ storage });
  server.answer = () => refusal(Code[name]);
  expect(await reload("r1")).toBeUndefined();
  expect(storage.kept.size).toBe(0);
});

test.each(["TOO_MANY", "BUSY", "STOPPING"] as const)("one that is answered %s is kept for another try", async (name) => {
  await server.join({ storage });
  server.answer = () => refusal(Code[name]);
  await expect(reload("r1")).rejects.toMatchObject({ code: Code[name] });
  expect(storage.kept.size).toBe(1);
});

test("a connection that fails on the way back does not give the seat back; one of a new seat does", async () => {
  const client = server.client({ storage });
  for (const [opening, closed] of [[() => client.resume("rt1.9"), 1005], [() => client.join("r1"), 1000]] as const) {
    const failed = opening().catch((e: { code: number }) => codes([e]));
    await settle();
    const socket = FakeSocket.last;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await failed).toEqual(["NETWORK"]);
    expect(socket.closed).toBe(closed);
  }
});

test("rooms of other servers and things of others are left alone; no more than 16 rooms are kept", async () => {
  storage.setItem(key, JSON.stringify([["r0", { token: 5 }], "x", ...Array.from({ length: 20 }, (_, i) => [`q${i}`, { token: "t", game: "g", code: "" }])]));
  await server.join({ storage });
  expect((kept() as [string][]).map(([id]) => id)).toEqual(["r1"]); // what was there made no sense
  for (let i = 0; i < 20; i++) {
    server.welcome.roomId = `room${i}`;
    await server.join({ storage });
  }
  expect((kept() as [string][]).map(([id]) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `room${i + 4}`));
  const other = new Client("http://other.example", { storage, fetch: () => Promise.reject(new Error("asked")) });
  expect(await other.resumeStored("room19")).toBeUndefined();
});

test("a storage that is forbidden or full costs nothing but the way back", async () => {
  const fails = (): never => {
    throw new Error("forbidden");
  };
  const { room } = await server.join({ storage: { getItem: fails, setItem: fails, removeItem: fails } });
  expect(room.connected).toBe(true);
  await room.leave();
});
