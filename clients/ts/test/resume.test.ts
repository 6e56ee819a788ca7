import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, type Frame, type TickwireError } from "../src/index.js";
import { bodies, type FakeSocket, type FrameInit, FakeSocket as Sockets, settle, step } from "./fake.js";
import { codes, FakeServer, type Seated } from "./fakeserver.js";

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  server = new FakeServer();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ring = (tick: number, held: number): FrameInit => ({ tick, base: tick - held + 1, body: bodies.ring });

/** drop loses the connection and waits until the next socket is there. */
async function drop(socket: FakeSocket): Promise<void> {
  socket.onclose?.({ code: 1006, reason: "" });
  await vi.advanceTimersByTimeAsync(250);
}

async function seated(first: FrameInit = {}): Promise<Seated> {
  const seat = await server.join({}, first);
  await vi.advanceTimersByTimeAsync(1);
  seat.socket.take();
  return seat;
}

describe("the state", () => {
  test("is kept: hello says which, the frame goes on from it, all objects stay the same", async () => {
    const { room, socket, returns } = await seated();
    const { ships } = room.state;
    const ship = ships.get(1)!;
    const frames = room.frames();
    const told: string[] = [];
    room.onReconnect(({ whole }) => told.push(`back ${whole}`));
    room.onState(({ tick, kind }) => told.push(`${kind} ${tick}`));
    step(socket, { body: bodies.chain });
    expect(ship.x).toBe(113);
    await drop(socket);
    expect(ship.x).toBe(113); // as it was, while nothing is known
    const next = server.regreet(ring(32, 2));
    expect(next.take()[0]!.hello).toMatchObject({ lastTick: 2, lastEvent: 0 });
    expect(room.state.ships).toBe(ships);
    expect(ships.get(1)).toBe(ship);
    expect(returns).toEqual([{ lostEvents: 0, whole: false, took: 250 }]);
    step(next, { body: bodies.chain });
    expect(ship.x).not.toBe(113);
    expect(told).toEqual(["chain 2", "back false", "ring 32", "chain 33"]);
    const seen: Frame[] = [];
    for await (const frame of frames) if (seen.push(frame) === 3) break;
    expect(seen.map((f) => f.tick)).toEqual([2, 32, 33]);
  });

  test("may come whole; then rows that are still there keep their objects", async () => {
    const { room, socket, returns } = await seated();
    const ship = room.state.ships.get(1)!;
    await drop(socket);
    server.regreet({ tick: 500, base: 1, body: bodies.whole }, { lostEvents: 3 });
    expect(returns).toEqual([{ lostEvents: 3, whole: true, took: 250 }]);
    expect(room.state.ships.get(1)).toBe(ship);
    expect(room.stats.tick).toBe(500);
  });

  test("that is not right is not named, and the schema comes again", async () => {
    const { room, socket, returns } = await seated();
    room.onError(() => {});
    step(socket, { hash: 1 });
    await drop(socket);
    const next = server.regreet({}, { schema: server.welcome.schema });
    expect(next.take()[0]!.hello).toMatchObject({ lastTick: 0 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(next.take().map((f) => [f.ping !== undefined, f.resync])).toEqual([[true, undefined]]); // it comes whole without asking
    next.deliver({ tick: 40, base: 1, body: bodies.whole });
    expect(returns).toMatchObject([{ whole: true }]);
    expect(room.state.ships.get(1)!.x).toBe(100);
  });

  test("that comes bad is asked for anew; only a right one brings the room back", async () => {
    const { room, socket, returns } = await seated();
    room.onError(() => {});
    await drop(socket);
    const next = server.regreet({ ...ring(31, 1), hash: 1 });
    expect(returns).toEqual([]);
    expect(next.take().at(-1)).toMatchObject({ resync: { tick: 31, reason: 1 } });
    next.deliver({ tick: 32, base: 1, body: bodies.whole });
    expect(returns).toMatchObject([{ whole: true }]);
  });

  test("is never that of another session", async () => {
    for (const more of [{ sessionId: "s2" }, { resumed: false }]) {
      const { socket, ends } = await seated();
      await drop(socket);
      server.regreet(ring(31, 1), more);
      await settle();
      expect(codes(ends)).toEqual(["MALFORMED"]);
    }
  });

  test("every state that was applied is acknowledged, once, on either connection", async () => {
    const { socket } = await seated();
    for (let i = 0; i < 5; i++) step(socket);
    expect(socket.take().map((f) => f.ack)).toEqual([2, 3, 4, 5, 6]);
    await drop(socket);
    const next = server.regreet(ring(36, 6));
    for (let i = 0; i < 3; i++) step(next);
    expect(next.take().slice(1).map((f) => f.ack)).toEqual([36, 37, 38, 39]);
    next.bufferedAmount = 1 << 20;
    step(next);
    next.bufferedAmount = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect(next.take()).toMatchObject([{ ack: 40, ping: {} }]); // one that was left out is made up for
    expect(socket.take()).toEqual([]);
  });

  test("of the next connection begins at the welcome: what came before it is not acknowledged there", async () => {
    const { room, socket } = await seated();
    await drop(socket);
    const next = server.regreet();
    next.take();
    void room.command("say", { text: "hi" }).catch(() => {});
    await settle();
    expect(next.take()).toMatchObject([{ ack: 0, commands: [{ seq: 1 }] }]);
  });
});

describe("events", () => {
  test("come once, whatever is sent again; what is lost is counted", async () => {
    const { room, socket, returns } = await seated();
    const heard: number[] = [];
    room.onMessage("hit", (_, { seq }) => heard.push(seq));
    step(socket, { events: [{ seq: 1, type: 0 }, { seq: 2, type: 0 }] });
    await drop(socket);
    const next = server.regreet({ ...ring(32, 2), events: [{ seq: 2, type: 0 }, { seq: 5, type: 0 }] }, { lostEvents: 2 });
    expect(next.take()[0]!.hello).toMatchObject({ lastEvent: 2 });
    expect(heard).toEqual([1, 2, 5]);
    expect(returns).toMatchObject([{ lostEvents: 2 }]);
  });
});

describe("commands", () => {
  test("that the server does not have are sent again, in order; the others wait for their answers", async () => {
    const { room, socket } = await seated();
    const results: string[] = [];
    for (const text of ["a", "b", "c"]) {
      room.command("say", { text }).then(
        () => results.push(text),
        (e: TickwireError) => results.push(`${text} ${e.codeName}`),
      );
    }
    await settle();
    expect(socket.take()[0]!.commands.map((c) => c.seq)).toEqual([1, 2, 3]);
    await drop(socket);
    void room.command("say", { text: "d" }).then(() => results.push("d")); // while it is away
    const next = server.regreet(ring(31, 1), { lastCommand: 1 });
    expect(next.take().flatMap((f) => f.commands.map((c) => [c.seq, new TextDecoder().decode(c.blobs[0])]))).toEqual([[2, "b"], [3, "c"], [4, "d"]]);
    next.deliver({ answers: [{ seq: 1 }, { seq: 2, refusal: 9, why: "no" }] });
    next.deliver({ answers: [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }, { seq: 77 }] }); // again, until acknowledged
    await settle();
    expect(results).toEqual(["a", "b REFUSED", "c", "d"]);
    await room.leave();
  });

  test("no more than 16 are on their way on the new connection, too", async () => {
    const { room, socket } = await seated();
    for (let i = 0; i < 40; i++) room.command("say").catch(() => {});
    await settle();
    await drop(socket);
    const next = server.regreet(ring(31, 1), { lastCommand: 10 });
    const seqs = (): number[] => next.take().flatMap((f) => f.commands.map((c) => c.seq));
    expect(seqs()).toEqual([11, 12, 13, 14, 15, 16]); // 1 to 10 have no answer yet
    next.deliver({ answers: Array.from({ length: 10 }, (_, i) => ({ seq: i + 1 })) });
    expect(seqs()).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    await room.leave();
  });

  test("are refused when the way back is lost", async () => {
    const { room, socket } = await seated();
    const answer = room.command("say").catch((e: TickwireError) => e.code);
    socket.onclose?.({ code: 1006, reason: "" });
    const later = room.command("say").catch((e: TickwireError) => e.code);
    await room.leave();
    expect([await answer, await later]).toEqual([Code.LEFT, Code.LEFT]);
  });
});

describe("inputs", () => {
  test("that the server does not have are sent again, once, with their presses", async () => {
    const { room, socket } = await seated();
    room.send({ thrust: 1 });
    for (let i = 0; i < 4; i++) step(socket);
    room.send({ thrust: -1, fire: true });
    step(socket, { inputAge: 2 });
    const first = socket.take()[0]!.first;
    socket.onclose?.({ code: 1006, reason: "" });
    room.send({ thrust: 0, fire: true }); // for when it is back
    await vi.advanceTimersByTimeAsync(250);
    const next = server.regreet(ring(60, 6), { lastInput: first + 1 });
    const [hello, again, now] = next.take();
    expect(hello!.hello).toMatchObject({ lastInput: 4 });
    expect(again).toMatchObject({ ack: 0, first: first + 2, inputs: [{ values: [1n] }, { values: [1n] }, { values: [-1n, 1n] }] });
    expect(now).toMatchObject({ ack: 60, first: 60 + room.stats.lead, inputs: [{ values: [0n, 1n] }] });
    step(next);
    expect(next.take()).toMatchObject([{ ack: 61, inputs: [{ values: [] }] }]); // the press was once
  });

  test("are paced anew: how early they came before, and pings of before, mean nothing", async () => {
    const { room, socket } = await seated();
    room.send({ thrust: 1 });
    for (let i = 0; i < 3; i++) step(socket);
    await vi.advanceTimersByTimeAsync(1000);
    const { id } = socket.take().at(-1)!.ping!;
    await drop(socket);
    const next = server.regreet({ tick: 1000, base: 1, body: bodies.whole, slack: -160, pong: { id } });
    expect(room.stats).toMatchObject({ lead: 2, ping: 0 });
    step(next, { pong: { id } });
    expect(room.stats.ping).toBe(0);
  });

  test("of ticks apart go in frames of their own, the newest 32", async () => {
    const { room, socket } = await seated();
    room.send({ thrust: 1 });
    for (let i = 1; i <= 40; i++) socket.deliver({ tick: 1 + 2 * i, base: 3, body: bodies.ring });
    const firsts = socket.take().map((f) => f.first);
    await drop(socket);
    const next = server.regreet(ring(100, 81), { lastInput: firsts[19] });
    expect(next.take().slice(1, -1).map((f) => f.first)).toEqual(firsts.slice(20));
    await drop(next);
    const third = server.regreet(ring(130, 100), { lastInput: 0 });
    expect(third.take().slice(1, -1)).toHaveLength(32);
  });

  test("of a page that was loaded again begin after those that the server has", async () => {
    const joining = server.client().resume("rt1.x");
    await settle();
    const socket = server.greet({ tick: 90, base: 1, body: bodies.whole }, { resumed: true, lastInput: 95, lastCommand: 7 });
    const room = await joining;
    expect(socket.take()[0]!.hello).toMatchObject({ lastTick: 0, lastEvent: 0, lastInput: 0 });
    room.send({ thrust: 1 });
    for (let i = 0; i < 8; i++) step(socket);
    const sent = socket.take().filter((f) => f.inputs.length > 0);
    expect(sent[0]!.first).toBe(96);
    void room.command("say").catch(() => {});
    await settle();
    expect(socket.take()[0]!.commands[0]!.seq).toBe(8);
    expect(Sockets.last).toBe(socket);
    await room.leave();
  });
});

describe("the picture", () => {
  test("stands still while the room is away, and then jumps instead of flying there", async () => {
    const { room, socket } = await seated();
    const picture = room.interpolated();
    const play = async (on: FakeSocket, frames: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let i = 0; i < frames; i++) {
        await vi.advanceTimersByTimeAsync(1000 / 30);
        step(on);
        room.interpolated();
        seen.push(picture.ships.get(1)!.x);
      }
      return seen;
    };
    step(socket, { body: bodies.chain }); // from here on 13 a tick
    await play(socket, 30);
    const held = room.stats.tick;
    await drop(socket);
    room.interpolated();
    const stood = picture.ships.get(1)!.x;
    await vi.advanceTimersByTimeAsync(5000);
    expect(room.interpolated()).toBe(picture);
    expect(picture.ships.get(1)!.x - stood).toBeLessThan(4 * 13); // carried on for 100 ms at most
    const next = server.regreet({ tick: held + 150, base: 1, body: bodies.whole });
    room.interpolated();
    expect(picture.ships.get(1)!.x).toBe(room.state.ships.get(1)!.x);
    const after = await play(next, 30);
    expect(after).toEqual([...after].sort((a, b) => a - b));
    const steps = after.slice(1).map((x, i) => x - after[i]!);
    expect(Math.max(...steps)).toBeLessThan(13 * 1.5);
  });
});

test("closing tells in how many ticks the room ends", async () => {
  const { room, socket } = await seated();
  const told: number[] = [];
  room.onClosing((ticks) => told.push(ticks));
  step(socket, { closing: 750 });
  step(socket);
  expect(told).toEqual([750]);
});
