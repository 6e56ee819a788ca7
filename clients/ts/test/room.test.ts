import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, TickwireError } from "../src/index.js";
import { type Arena, joined, step } from "./fake.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
