import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeSocket, bodies, step } from "./fake.js";
import { codes, FakeServer, type Seated } from "./fakeserver.js";

/** The page and the window of a browser, as far as the client knows them. */
class FakePage extends EventTarget {
  hidden = false;
  listeners = 0;

  show(visible: boolean): void {
    this.hidden = !visible;
    this.dispatchEvent(new Event("visibilitychange"));
  }

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}

let server: FakeServer;
let page: FakePage;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  server = new FakeServer();
  page = new FakePage();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function seated(options = {}): Promise<Seated> {
  const seat = await server.join(options);
  await wait(1);
  seat.socket.take();
  return seat;
}

describe("a page that nobody sees", () => {
  test("asks for a frame a second, acknowledges what comes, and asks for all when it is seen again", async () => {
    const { room, socket, ends } = await seated();
    page.show(false);
    expect(socket.take()).toMatchObject([{ pace: 30 }]);
    for (let i = 1; i <= 30; i++) {
      await wait(1000);
      socket.deliver({ tick: 1 + 30 * i, base: 31, body: bodies.ring, stride: i === 1 ? 30 : 0 });
    }
    expect(socket.take().flatMap((f) => (f.ping || f.pace !== undefined ? [] : [f.ack]))).toHaveLength(30);
    expect(ends).toEqual([]);
    page.show(true);
    expect(socket.take()).toMatchObject([{ pace: 0 }, { ping: {} }]);
    await room.leave();
    expect(page.listeners).toBe(0);
  });

  test("is known to be hidden from the start, and on the next connection", async () => {
    page.hidden = true;
    const { socket } = await server.join();
    await wait(1);
    expect(socket.take().map((f) => f.pace)).toEqual([undefined, 30, undefined]);
    socket.onclose?.({ code: 1006, reason: "" });
    await wait(250);
    const next = server.regreet({ tick: 31, base: 31, body: bodies.ring });
    expect(next.take().map((f) => f.pace)).toEqual([undefined, 30, undefined]);
  });

  test("goes on as before if the option says so; the program's own pace counts always", async () => {
    const { room, socket } = await seated({ slowWhenHidden: false });
    page.show(false);
    expect(socket.take()).toEqual([]);
    room.pace(3);
    room.pace(3);
    expect(socket.take()).toMatchObject([{ pace: 3 }]);
    page.show(true);
    const other = await seated();
    other.room.pace(3);
    page.show(false);
    page.show(true);
    expect(other.socket.take().flatMap((f) => f.pace ?? [])).toEqual([3, 30, 3]);
  });
});

describe("a room that is away", () => {
  const away = async (): Promise<Seated> => {
    const seat = await seated();
    server.answer = () => Promise.reject(new TypeError("fetch failed"));
    seat.socket.onclose?.({ code: 1006, reason: "" });
    await wait(10_000);
    server.times.length = 0;
    return seat;
  };

  test.each([
    ["there is a network again", () => page.dispatchEvent(new Event("online"))],
    ["the page is seen again", () => page.show(true)],
  ])("tries at once when %s", async (_, happen) => {
    const { room } = await away();
    happen();
    await wait(0);
    expect(server.times).toEqual([10_001]);
    await room.leave();
    happen();
    await wait(60_000);
    expect(server.times).toHaveLength(1);
    expect(page.listeners).toBe(0);
  });

  test.each([
    ["the network goes", () => page.dispatchEvent(new Event("offline"))],
    ["the page is hidden", () => page.show(false)],
  ])("goes on as before when %s", async (_, happen) => {
    const { ends } = await away();
    happen();
    await wait(0);
    expect(server.times).toEqual([]);
    await wait(20_000);
    expect(server.times.length).toBeGreaterThan(1);
    expect(ends).toEqual([]);
  });

  test("drops a try that began on the network before", async () => {
    const { room } = await away();
    server.answer = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    page.show(true);
    await wait(5000);
    expect(server.times).toEqual([10_001]);
    page.show(true); // the same network
    await wait(0);
    expect(server.times).toEqual([10_001]);
    server.answer = undefined;
    page.dispatchEvent(new Event("online"));
    await wait(1);
    expect(server.times).toEqual([10_001, 15_001]);
    server.regreet({ tick: 500, base: 1, body: bodies.whole });
    expect(room.connected).toBe(true);
    await room.leave();
  });
});

describe("a connection on which nothing comes", () => {
  test("is lost after 12 s, with its seat", async () => {
    const { socket, drops } = await seated();
    await wait(12_000);
    expect(drops).toEqual([]);
    await wait(1000);
    expect(codes(drops)).toEqual(["SILENT"]);
    expect(socket.closed).toBe(1005);
    await wait(250);
    expect(FakeSocket.last).not.toBe(socket);
  });

  test("is not one of a slow room", async () => {
    const { socket, drops } = await seated();
    for (let i = 0; i < 10; i++) {
      await wait(10_000);
      step(socket);
    }
    expect(drops).toEqual([]);
  });

  test("is not judged by the sleep of a machine, but by what comes after it", async () => {
    const { socket, drops } = await seated();
    for (let i = 0; i < 5; i++) {
      await wait(1000);
      step(socket);
    }
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 3_600_000);
    await wait(2000);
    expect(drops).toEqual([]);
    step(socket);
    await wait(11_000);
    expect(drops).toEqual([]);
    vi.mocked(performance.now).mockImplementation(() => now() + 7_200_000);
    await wait(3000);
    expect(codes(drops)).toEqual(["SILENT"]);
  });

  test.each([
    ["another network", () => page.dispatchEvent(new Event("online"))],
    ["a page that is seen again", () => page.show(true)],
  ])("is doubted sooner after %s: it must answer a ping", async (_, happen) => {
    const { socket, drops } = await seated();
    await wait(500);
    happen();
    expect(socket.take()).toMatchObject([{ ping: {} }]);
    await wait(3000);
    step(socket);
    await wait(11_000);
    expect(drops).toEqual([]);
    happen();
    await wait(6000);
    expect(codes(drops)).toEqual(["SILENT"]);
  });
});
