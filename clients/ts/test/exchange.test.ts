import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, type Frame, type TickwireError } from "../src/index.js";
import { joined, settle, step } from "./fake.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("commands", () => {
  test("are sent at once, in one frame, and settle with their answers", async () => {
    const { room, socket } = await joined();
    socket.take();
    const first = room.command("say", { text: "hi" });
    const second = room.command("say", { text: "ho" });
    await settle();
    const [frame] = socket.take();
    expect(frame!.commands).toMatchObject([
      { seq: 1, type: 1, blobs: [new TextEncoder().encode("hi")] },
      { seq: 2, type: 1 },
    ]);
    socket.deliver({ answers: [{ seq: 1 }, { seq: 2, refusal: 5, why: "not now" }] });
    await expect(first).resolves.toBeUndefined();
    await expect(second).rejects.toMatchObject({ code: Code.REFUSED, codeName: "REFUSED", refusal: 5, message: "not now" });
  });

  test.each([
    ["say", { text: "eleven bytes" }],
    ["tick", {}],
    ["shout", {}],
  ])("%s %o is refused here", async (name, value) => {
    const { room, socket } = await joined();
    socket.take();
    await expect(room.command(name, value)).rejects.toMatchObject({ code: Code.OUT_OF_RANGE });
    await settle();
    expect(socket.take()).toEqual([]);
  });

  test("no more than 16 are on their way, no more than 256 wait", async () => {
    const { room, socket } = await joined();
    socket.take();
    const all = Array.from({ length: 280 }, () => room.command("say").catch((e: TickwireError) => e.codeName));
    await settle();
    const sent = (): number => socket.take().reduce((n, f) => n + f.commands.length, 0);
    expect(sent()).toBe(16);
    socket.deliver({ answers: [{ seq: 1 }, { seq: 2 }] });
    expect(sent()).toBe(2);
    await room.leave();
    const results = await Promise.all(all);
    expect(results.filter((r) => r === "TOO_MANY")).toHaveLength(280 - 256);
    expect(results.filter((r) => r === "LEFT")).toHaveLength(254);
  });
});

describe("events", () => {
  test("come in order, once, with their tick", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const heard: unknown[] = [];
    room.onMessage("hit", ({ by }, { tick, seq }) => heard.push(["hit", by, tick, seq]));
    const stop = room.onMessage("*", (_, { name }) => heard.push(name));
    step(socket, { events: [{ seq: 1, type: 0, age: 1, values: [3n] }] });
    step(socket, { events: [{ seq: 1, type: 0, values: [3n] }, { seq: 2, type: 1 }] });
    stop();
    socket.deliver({ tick: 9, events: [{ seq: 3, type: 0, age: 2, values: [4n] }] });
    expect(heard).toEqual([["hit", 3, 1, 1], "hit", "start", ["hit", 4, 7, 3]]);
    expect(() => room.onMessage("hti", () => {})).toThrow(/no event/);
  });

  test("a callback that throws hurts no other", async () => {
    const { room, socket } = await joined();
    await vi.advanceTimersByTimeAsync(1);
    const errors: TickwireError[] = [];
    const frames: Frame[] = [];
    room.onError((e) => errors.push(e));
    room.onState(() => {
      throw new Error("ouch");
    });
    room.onState((f) => frames.push(f));
    step(socket);
    expect(frames).toEqual([{ tick: 2, kind: "chain", bytes: expect.any(Number) }]);
    expect(errors).toMatchObject([{ code: Code.CALLBACK, message: "ouch" }]);
  });
});
