import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Frame, TickwireError } from "../src/index.js";
import { type Arena, bodies, joined, step } from "./fake.js";
import { hex } from "./support.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("state that is not right", () => {
  test.each([
    ["hash", { hash: 1 }, 1, 1],
    ["frame", { body: new Uint8Array([0]) }, 2, 0],
  ])("a bad %s asks for a whole state, once, and takes nothing else", async (_, bad, reason, desyncs) => {
    const { room, socket } = await joined<Arena>();
    await vi.advanceTimersByTimeAsync(1);
    const frames: Frame[] = [];
    const errors: TickwireError[] = [];
    room.onState((f) => frames.push(f));
    room.onError((e) => errors.push(e));
    socket.take();
    step(socket, bad);
    step(socket);
    step(socket);
    expect(socket.take()).toMatchObject([{ resync: { tick: 2, reason } }]);
    expect(room.stats.desyncs).toBe(desyncs);
    expect(errors).toHaveLength(1);
    expect(frames).toEqual([]);
    socket.deliver({ tick: 9, base: 1, body: bodies.whole, hash: 0xe3ea6395 });
    socket.deliver({ base: 0, body: bodies.chain });
    expect(frames.map((f) => [f.tick, f.kind])).toEqual([[9, "whole"], [10, "chain"]]);
    expect(socket.take().map((f) => f.ack)).toEqual([9, 10]);
    expect(room.state.ships.get(1)!.x).toBe(113);
  });

  test("it asks again when nothing comes", async () => {
    const { socket } = await joined();
    step(socket, { hash: 1 });
    socket.take();
    await vi.advanceTimersByTimeAsync(1000);
    expect(socket.take()).toMatchObject([{ ping: { id: 1 }, resync: { reason: 1 } }]);
  });

  test("the stride of a frame counts from that frame on", async () => {
    const { room, socket } = await joined();
    socket.deliver({ tick: 4, base: 4, body: new Uint8Array([0x64 & 0, 0]), stride: 2 }); // nonsense: asks for whole
    socket.deliver({ tick: 6, base: 1, body: bodies.whole });
    step(socket);
    expect(room.stride).toBe(2);
    expect(room.stats.tick).toBe(8);
  });
});

test("a row that is told less often goes on in between, and its frames are what they are", async () => {
  const { room, socket } = await joined<Arena>();
  await vi.advanceTimersByTimeAsync(1);
  const frames: string[] = [];
  room.onState((f) => frames.push(`${f.tick} ${f.kind} ${room.state.ships.get(1)?.x}`));
  step(socket, { base: 64, body: hex("23 70 b3 16") }); // ship 1 becomes one of class 1
  step(socket); // not due for the class
  step(socket, { body: hex("09") }); // due; nothing is new
  socket.deliver({ tick: 8, base: 5, body: hex("4e"), stride: 2 }); // a new stride is due for all classes
  step(socket, { body: hex("05") });
  socket.deliver({ tick: 12, base: 65, body: hex("03") });
  expect(frames).toEqual(["2 chain 113", "3 chain 126", "4 chain 139", "8 ring 165", "10 chain 178", "12 whole undefined"]);
});

describe("the picture", () => {
  test("moves between two frames, and inputs say how far it lies behind", async () => {
    const { room, socket } = await joined<Arena>();
    const picture = room.interpolated();
    room.send({ thrust: 1 });
    const seen: number[] = [];
    for (let i = 0; i < 30; i++) {
      await vi.advanceTimersByTimeAsync(1000 / 60);
      if (i % 2 === 1) step(socket, i === 1 ? { body: bodies.chain } : {});
      expect(room.interpolated()).toBe(picture);
      seen.push(picture.ships.get(1)!.x);
    }
    expect(room.state.ships.get(1)!.x).toBe(100 + 15 * 13);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.some((x) => !Number.isInteger(x))).toBe(true);
    expect(room.state.ships.get(1)!.x - seen.at(-1)!).toBeGreaterThan(13);
    const views = socket.take().flatMap((f) => (f.inputs.length > 0 ? [f.view] : []));
    expect(views.at(-1)).toBeGreaterThanOrEqual(8);
    expect(views.at(-1)).toBeLessThanOrEqual(25);
  });
});
