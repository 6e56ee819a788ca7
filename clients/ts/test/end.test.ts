import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, type Leave, type TickwireError } from "../src/index.js";
import { joined, settle, step } from "./fake.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the end", () => {
  test.each([
    [{ code: 4430, reason: "bye bye" }, { code: Code.KICKED, message: "bye bye" }],
    [{ code: 1006, reason: "" }, { code: Code.NETWORK, message: "the connection broke" }],
    [{ code: 1009, reason: "" }, { code: Code.NETWORK, message: "the server refused a message (1009)" }],
  ])("close %o is told as %o", async (close, why) => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const told: Leave[] = [];
    room.onLeave((w) => told.push(w));
    const answer = room.command("say").catch((e: TickwireError) => e.code);
    socket.onclose?.(close);
    expect(told).toEqual([why]);
    expect(await answer).toBe(why.code);
    room.onLeave((w) => told.push(w)); // late
    await settle();
    expect(told).toEqual([why, why]);
    await expect(room.command("say")).rejects.toMatchObject({ code: why.code });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what the server says last counts, not the close after it", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const told: Leave[] = [];
    room.onLeave((w) => told.push(w));
    socket.deliver({ bye: { code: 4200, message: "ann won" } });
    socket.onclose?.({ code: 1006, reason: "" });
    expect(told).toEqual([{ code: Code.OVER, message: "ann won" }]);
  });

  test("leave closes with 1000 and waits for the server, but not for ever", async () => {
    const { room, socket } = await joined();
    const told: Leave[] = [];
    room.onLeave((w) => told.push(w));
    socket.answersClose = false;
    const left = room.leave();
    await vi.advanceTimersByTimeAsync(1001);
    await left;
    expect(socket.closed).toBe(1000);
    expect(told).toMatchObject([{ code: Code.LEFT }]);
    await room.leave();
  });

  test("a message that is no frame ends it", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const told: Leave[] = [];
    room.onLeave((w) => told.push(w));
    room.onError(() => {});
    socket.onmessage?.({ data: "text" });
    expect(told).toMatchObject([{ code: Code.MALFORMED }]);
    expect(socket.closed).toBe(1000);
  });

  test("a server that falls silent is given up", async () => {
    const { room } = await joined();
    const told: Leave[] = [];
    room.onLeave((w) => told.push(w));
    await vi.advanceTimersByTimeAsync(13_100);
    expect(told).toMatchObject([{ code: Code.SILENT }]);
  });
});

describe("frames and stats", () => {
  test("for await sees every frame, and ends with the room", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const seen: number[] = [];
    const loop = (async () => {
      for await (const frame of room.frames()) seen.push(frame.tick);
    })();
    for (let i = 0; i < 3; i++) step(socket);
    await settle();
    step(socket);
    await room.leave();
    await loop;
    expect(seen).toEqual([2, 3, 4, 5]);
  });

  test("a signal ends it, and a slow reader gets the newest", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const stop = new AbortController();
    const frames = room.frames(stop.signal);
    for (let i = 0; i < 100; i++) step(socket);
    stop.abort();
    const ticks: number[] = [];
    for await (const frame of frames) ticks.push(frame.tick);
    expect(ticks).toHaveLength(64);
    expect(ticks.at(-1)).toBe(101);
    expect((await room.frames(stop.signal).next()).done).toBe(true);
  });

  test("ping is the round trip without the wait in the server", async () => {
    const { room, socket } = await joined();
    socket.take();
    await vi.advanceTimersByTimeAsync(1000);
    const ping = socket.take()[0]!.ping!;
    await vi.advanceTimersByTimeAsync(50);
    socket.deliver({ pong: { id: ping.id, heldUs: 20_000 } });
    expect(room.stats.ping).toBeCloseTo(30, 0);
    for (let i = 0; i < 60; i++) {
      await vi.advanceTimersByTimeAsync(1000 / 30);
      step(socket);
    }
    expect(room.stats.framesPerSecond).toBeCloseTo(30, -1);
    expect(room.stats.bytesPerSecond).toBeGreaterThan(80);
  });
});
