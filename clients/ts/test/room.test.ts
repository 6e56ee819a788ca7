import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, type Frame, type Leave, type Table, TickwireError } from "../src/index.js";
import { bodies, type FakeSocket, joined, settle } from "./fake.js";

interface Arena {
  ships: Table<{ x: number; y: number; angle: number; hp: number; on: boolean }>;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** step lets the server send a frame of no change. */
function step(socket: FakeSocket, more = {}): void {
  socket.deliver({ base: 0, body: bodies.still, ...more });
}

describe("joining", () => {
  test("opens the seat's address with the ticket, says hello, and knows the room", async () => {
    const { room, socket } = await joined<Arena>();
    expect(socket.url).toBe("ws://game.example/tickwire/v1/connect");
    expect(socket.protocols).toEqual(["tickwire.v1", "ticket.t1"]);
    expect(socket.binaryType).toBe("arraybuffer");
    const [hello, ack] = socket.take();
    expect(hello!.hello!.codecs).toEqual([2, 1]);
    expect(hello!.hello!.agent).toMatch(/^tickwire-ts\//);
    expect(ack).toMatchObject({ ack: 1, inputs: [] });
    expect(room).toMatchObject({ roomId: "r1", sessionId: "s1", player: 7, game: "arena", rate: 30, stride: 1, code: "ABCD" });
    expect([...room.state.ships]).toMatchObject([
      [1, { x: 100, y: 50, angle: 250, hp: 100, on: true }],
      [2, { x: -7, y: 0, angle: 0, hp: 100, on: false }],
    ]);
  });

  test("events of the first frame reach callbacks that are added when join resolves", async () => {
    const { room } = await joined({ events: [{ seq: 1, type: 0, values: [9n] }] });
    const heard: unknown[] = [];
    room.onMessage("hit", (value) => heard.push(value));
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([{ by: 9 }]);
  });

  test("a close before the welcome rejects with its code", async () => {
    const joining = joined({ welcome: undefined, bye: { code: 4423, message: "full" } });
    await expect(joining).rejects.toMatchObject({ code: Code.FULL, codeName: "FULL", message: "full" });
  });

  test("a bad schema rejects and leaves no timer", async () => {
    const joining = joined({ welcome: { rate: 30, stride: 1, schema: { tables: [{ name: "a" }, { name: "a" }] } } });
    await expect(joining).rejects.toMatchObject({ code: Code.MALFORMED });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("inputs", () => {
  test("one frame for each state: ack and the input for a tick ahead; presses once", async () => {
    const { room, socket } = await joined<Arena>();
    socket.take();
    room.send({ thrust: 1, fire: true });
    room.send({ thrust: -1 }); // the press is not lost
    step(socket);
    step(socket);
    const frames = socket.take();
    const lead = room.stats.lead;
    expect(frames).toHaveLength(2);
    expect(frames[0]).toMatchObject({ ack: 2, first: 2 + lead, inputs: [{ values: [-1n, 1n] }] });
    expect(frames[1]).toMatchObject({ ack: 3, first: 3 + lead, inputs: [{ values: [-1n] }] });
  });

  test("the lead follows the reported slack, and no tick gets two inputs", async () => {
    const { room, socket } = await joined<Arena>();
    room.send({ thrust: 1 });
    const firsts: number[] = [];
    const play = (ticks: number, slack: number): void => {
      for (let i = 0; i < ticks; i++) step(socket, { slack });
      firsts.push(...socket.take().flatMap((f) => (f.inputs.length > 0 ? [f.first] : [])));
    };
    const start = room.stats.lead;
    play(60, -20);
    expect(room.stats.lead).toBeGreaterThanOrEqual(start + 4);
    const high = room.stats.lead;
    play(30, 12);
    expect(room.stats.lead).toBe(high);
    play(200, 40);
    expect(room.stats.lead).toBeLessThan(high);
    play(3000, 200);
    expect(room.stats.lead).toBe(1);
    play(3000, -200);
    expect(room.stats.lead).toBe(30);
    expect(firsts).toEqual([...new Set(firsts)].sort((a, b) => a - b));
  });

  test.each([
    [{ thrust: 2 }, "out of range"],
    [{ thrust: 0.5 }, "no whole number"],
    [{ thrust: "1" }, "of another type"],
    [{ thrst: 1 }, "misspelt"],
    [{ fire: "yes" }, "no boolean"],
  ] as [object, string][])("%o is refused: %s", async (input, _why) => {
    const { room, socket } = await joined();
    socket.take();
    expect(() => room.send(input)).toThrow(TickwireError);
    step(socket);
    expect(socket.take()).toMatchObject([{ ack: 2, inputs: [] }]);
  });

  test("when the network is stuck, nothing piles up", async () => {
    const { socket } = await joined();
    socket.take();
    socket.bufferedAmount = 1 << 20;
    step(socket);
    expect(socket.take()).toEqual([]);
    socket.bufferedAmount = 0;
    step(socket);
    expect(socket.take()).toMatchObject([{ ack: 3 }]);
  });
});

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

describe("the end", () => {
  test.each([
    [{ code: 4430, reason: "bye bye" }, { code: Code.KICKED, message: "bye bye" }],
    [{ code: 1006, reason: "" }, { code: Code.NETWORK, message: "the connection broke" }],
    [{ code: 1009, reason: "" }, { code: Code.MALFORMED, message: "the server refused a message (1009)" }],
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
