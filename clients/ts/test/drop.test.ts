import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code } from "../src/index.js";
import { FakeSocket, bodies, settle } from "./fake.js";
import { codes, FakeServer, refusal } from "./fakeserver.js";

let server: FakeServer;
let random: number;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  random = 0.5;
  vi.spyOn(Math, "random").mockImplementation(() => random);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // nothing is left behind by a room that has ended
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const unreachable = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** gaps are the pauses before the tries, after a drop now. */
const gaps = (from: number): number[] => server.times.map((at, i) => at - (server.times[i - 1] ?? from));

describe("a connection that is lost", () => {
  test.each([
    [1006, "NETWORK", "it broke"],
    [1001, "NETWORK", "something on the way goes away"],
    [1005, "NETWORK", "closed without a code"],
    [1000, "NETWORK", "closed by something on the way, for the server says why"],
    [1011, "NETWORK", "an error of something on the way"],
    [1002, "NETWORK", "a violation of WebSocket"],
    [1009, "NETWORK", "a message too long for something on the way"],
    [4408, "LATE", "too slow to greet"],
    [4411, "SILENT", "nothing was heard of us"],
    [4412, "EXPIRED", "it was too old"],
    [4413, "SLOW", "we did not read"],
    [4429, "TOO_MANY", "we sent too much"],
    [4529, "BUSY", "the server has too much to do"],
  ])("%d, %s: %s, is replaced", async (code, name) => {
    const seat = await server.join();
    await wait(1);
    seat.socket.onclose?.({ code, reason: "" });
    expect(codes(seat.drops)).toEqual([name]);
    expect(seat.room.connected).toBe(false);
    expect(seat.socket.closed).not.toBe(1000); // which would give the seat back
    await wait(1000);
    expect(server.shown).toEqual(["rt1.1"]);
    expect(FakeSocket.last.protocols).toEqual(["tickwire.v1", "ticket.again1"]);
    server.regreet({ tick: 31, base: 31, body: bodies.ring });
    expect(seat.room.connected).toBe(true);
    expect(seat.returns).toHaveLength(1);
    await seat.room.leave();
    expect(codes(seat.ends)).toEqual(["LEFT"]);
  });

  test.each([4200, 4400, 4409, 4410, 4422, 4430, 4500, 4503, 4999])("%d ends the session instead", async (code) => {
    for (const how of ["close", "bye"]) {
      const seat = await server.join();
      await wait(1);
      if (how === "bye") seat.socket.deliver({ bye: { code, message: "why" } });
      seat.socket.onclose?.({ code, reason: "why" });
      expect(seat.ends).toEqual([{ code, message: "why" }]);
      expect(seat.drops).toEqual([]);
    }
    await wait(60_000);
    expect(server.shown).toEqual([]);
  });

  test.each([
    ["the option says so", { reconnect: false }, 30],
    ["the game keeps no seats", {}, 0],
    ["it was called off before", { reconnect: AbortSignal.abort() }, 30],
  ])("is not replaced when %s", async (_, options, grace) => {
    server.welcome.grace = grace;
    const seat = await server.join(options);
    await wait(1);
    seat.socket.onclose?.({ code: 1006, reason: "" });
    expect(codes(seat.ends)).toEqual(["NETWORK"]);
    expect([seat.drops, server.shown]).toEqual([[], []]);
  });

  test("before the new state came is the same loss still", async () => {
    const seat = await server.join();
    await wait(1);
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(250);
    server.regreet(); // a welcome without a state
    expect(seat.returns).toEqual([]);
    FakeSocket.last.onclose?.({ code: 4413, reason: "" });
    await wait(500);
    expect(server.shown).toEqual(["rt1.1", "rt1.2"]);
    server.regreet({ tick: 31, base: 31, body: bodies.ring });
    expect(codes(seat.drops)).toEqual(["NETWORK"]);
    expect(seat.returns).toMatchObject([{ took: 750 }]);
    await seat.room.leave();
  });

  test("a second loss begins anew: grace, pauses and all", async () => {
    const seat = await server.join();
    await wait(1);
    server.answer = unreachable;
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(30_000);
    server.answer = undefined;
    await wait(5000);
    server.regreet({ tick: 900, base: 1, body: bodies.whole });
    server.times.length = 0;
    const lost = 35_001;
    FakeSocket.last.onclose?.({ code: 1006, reason: "" });
    await wait(250);
    expect(gaps(lost)).toEqual([250]);
    expect(codes(seat.drops)).toEqual(["NETWORK", "NETWORK"]);
    await seat.room.leave();
  });
});

describe("the pauses between tries", () => {
  test.each([
    [0.01, [5, 10, 20, 40, 80, 150, 150, 150]],
    [0.5, [250, 500, 1000, 2000, 4000, 7500, 7500, 7500]],
    [1, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]],
  ])("are full jitter: a share of %d of 0.5 s, doubled up to 15 s", async (share, want) => {
    random = share;
    server.welcome.grace = 300;
    const seat = await server.join();
    await wait(1);
    server.answer = () => (server.shown.length > want.length ? new Promise<Response>(() => {}) : unreachable());
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(70_000);
    expect(gaps(1).slice(0, want.length)).toEqual(want);
    await seat.room.leave();
    await wait(10_000);
  });

  test.each([
    ["the connection ended so", 4429, () => unreachable()],
    ["the lobby says so", 1006, () => refusal(Code.TOO_MANY)],
    ["the lobby has too much to do", 1006, () => refusal(Code.BUSY)],
  ])("are a second at least after too much was sent: %s", async (_, code, answer) => {
    random = 0.01;
    const seat = await server.join();
    await wait(1);
    server.answer = answer;
    seat.socket.onclose?.({ code, reason: "" });
    await wait(1010);
    expect(gaps(1).slice(0, 2)).toEqual(code === 4429 ? [1000, 10] : [5, 1000]);
    await seat.room.leave();
    await wait(1);
  });

  test("a try that hangs is given up for another", async () => {
    const seat = await server.join();
    await wait(1);
    server.answer = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(250 + 10_000 + 499);
    expect(server.shown).toHaveLength(1);
    await wait(1);
    expect(server.shown).toHaveLength(2);
    server.answer = undefined;
    await wait(10_000 + 1000);
    expect(server.shown).toHaveLength(3);
    const socket = FakeSocket.last; // which never opens
    await wait(10_000);
    expect(socket.closed).toBe(1005);
    expect(codes(seat.ends)).toEqual([]);
    await seat.room.leave();
  });
});

describe("there is no way back", () => {
  test.each(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"] as const)("when the lobby answers %s", async (name) => {
    const seat = await server.join();
    await wait(1);
    server.answer = () => refusal(Code[name]);
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(60_000);
    expect(codes(seat.ends)).toEqual([name]);
    expect(server.shown).toHaveLength(1);
  });

  test.each(["OVER", "KICKED", "SUPERSEDED", "MALFORMED"] as const)("when the new connection is told %s", async (name) => {
    const seat = await server.join();
    await wait(1);
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(250);
    FakeSocket.last.onopen?.({});
    FakeSocket.last.deliver({ bye: { code: Code[name], message: "so" } });
    await wait(60_000);
    expect(seat.ends).toEqual([{ code: Code[name], message: "so" }]);
    expect(server.shown).toHaveLength(1);
  });

  test.each([
    ["a proxy's page", () => new Response("<html>", { status: 502 })],
    ["a portal's page", () => new Response("<html>", { status: 200 })],
    ["a server that stops", () => refusal(Code.STOPPING)],
    ["no network", unreachable],
  ])("5 s after the grace, if all that answers is %s", async (_, answer) => {
    const seat = await server.join();
    await wait(1);
    server.answer = answer;
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(34_999);
    expect(seat.ends).toEqual([]);
    await wait(1);
    expect(seat.ends).toMatchObject([{ code: Code.NETWORK, message: "the connection did not come back in time" }]);
    expect(server.times.at(-1)).toBe(35_001); // one last try
    expect(codes(seat.drops)).toEqual(["NETWORK"]);
    const { length } = server.shown;
    await wait(60_000);
    expect(server.shown).toHaveLength(length);
    expect(seat.ends).toHaveLength(1);
  });

  test("a machine that slept past the grace tries once", async () => {
    const seat = await server.join();
    await wait(1);
    seat.socket.onclose?.({ code: 1006, reason: "" });
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 600_000);
    await wait(250);
    server.regreet({ tick: 20_000, base: 1, body: bodies.whole });
    expect(seat.returns).toHaveLength(1);
    await seat.room.leave();
  });

  test("after leave, at any moment", async () => {
    for (const when of ["in onDrop", "in a pause", "in the call", "while the socket opens"]) {
      const seat = await server.join();
      await wait(1);
      server.shown.length = 0;
      server.answer = when === "in the call" ? (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))) : undefined;
      const answer = seat.room.command("say", { text: "hi" }).catch((e: { code: number }) => e.code);
      if (when === "in onDrop") seat.room.onDrop(() => void seat.room.leave());
      seat.socket.onclose?.({ code: 1006, reason: "" });
      if (when === "in the call" || when === "while the socket opens") await wait(250);
      await seat.room.leave();
      expect(codes(seat.ends), when).toEqual(["LEFT"]);
      expect(await answer).toBe(Code.LEFT);
      await settle();
      expect(vi.getTimerCount(), when).toBe(0);
      const { length } = server.shown;
      await wait(60_000);
      expect(server.shown.length, when).toBe(length);
      if (when === "while the socket opens") expect(FakeSocket.last.closed).toBe(1005);
      await seat.room.leave();
      expect(seat.ends).toHaveLength(1);
    }
  });

  test("after the signal was aborted; with a connection it has no effect", async () => {
    const stop = new AbortController();
    const one = await server.join({ reconnect: stop.signal });
    const other = await server.join({ reconnect: stop.signal });
    await wait(1);
    one.socket.onclose?.({ code: 1006, reason: "" });
    stop.abort();
    expect(codes(one.ends)).toEqual(["ABORTED"]);
    expect(codes(other.ends)).toEqual([]);
    other.socket.onclose?.({ code: 1006, reason: "" });
    expect(codes(other.ends)).toEqual(["NETWORK"]);
    await settle();
  });
});
