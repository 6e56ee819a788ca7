// Plays against a real server: TICKWIRE_URL=http://127.0.0.1:8080 npx vitest run test/live.test.ts
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Client, Code, codeName, type Reconnect, type Row, type SocketClass, type Table } from "../src/index.js";

const url = process.env["TICKWIRE_URL"];
const options = { name: "ann", WebSocket };

/** breakable is a WebSocket whose instances can be broken. */
function breakable() {
  const sockets: { terminate(): void }[] = [];
  const Breakable = function (url: string, protocols: string[]) {
    const socket = new WebSocket(url, protocols);
    sockets.push(socket);
    return socket;
  } as unknown as SocketClass;
  return { Breakable, sockets };
}

describe.skipIf(!url)("a server at " + (url ?? "TICKWIRE_URL"), { timeout: 30_000 }, () => {
  test.each(["packed", "plain"] as const)("a hundred frames of arena, %s", async (codec) => {
    const room = await new Client(url!, { ...options, codec }).joinOrCreate("arena");
    let frames = 0;
    const errors: unknown[] = [];
    room.onError((e) => errors.push(e));
    const input = Object.fromEntries(room.schema.input!.fields.map((f) => [f.name, f.max]));
    for await (const frame of room.frames()) {
      if (++frames === 1) room.send(input);
      room.interpolated();
      if (frame.tick > 0 && frames > 100) break;
    }
    const { stats } = room;
    expect(Object.keys(room.interpolated())).toEqual(Object.keys(room.state));
    expect(errors).toEqual([]);
    expect(stats.desyncs).toBe(0);
    expect(stats.ping).toBeGreaterThan(0);
    expect(stats.slack).toBeGreaterThan(0);
    const ids = new Set(Object.values(room.state).flatMap((table: Table<Row>) => [...(table.ids?.() ?? [])]));
    expect(ids.has(room.player)).toBe(true);
    await room.leave();
  });

  test("a private room, its code, and the live list", async () => {
    const client = new Client(url!, options);
    const lobby = await client.lobby();
    const mine = await client.create("arena", { private: true });
    expect(mine.code).toBeTruthy();
    const again = await client.join({ code: mine.code!.toLowerCase() });
    expect(again.roomId).toBe(mine.roomId);
    await expect(client.join("nowhere")).rejects.toMatchObject({ code: Code.NOT_FOUND, codeName: "NOT_FOUND" });
    const { games } = await client.list();
    expect(games.map((g) => g.name)).toContain("arena");
    const open = await client.create("tictactoe");
    await new Promise<void>((resolve) => {
      const look = (): void => void (JSON.stringify(lobby.state).includes(open.roomId) && resolve());
      lobby.onState(look);
    });
    await Promise.all([mine, again, open, lobby].map((room) => room.leave()));
  });

  test.each(["packed", "plain"] as const)("a connection that breaks is replaced, again and again, %s", async (codec) => {
    const { Breakable, sockets } = breakable();
    const room = await new Client(url!, { ...options, WebSocket: Breakable, codec }).create("arena");
    const told: unknown[] = [];
    const drops: string[] = [];
    room.onError((e) => told.push(e));
    room.onLeave((why) => told.push(why));
    room.onDrop(({ code }) => drops.push(codeName(code)));
    room.send({ thrust: 1, fire: true });
    const state = room.state["ships"];
    const frames = room.frames();
    for (let round = 1; round <= 3; round++) {
      const token = room.token;
      for (let i = 0; i < 40; i++) await frames.next();
      const back = new Promise<Reconnect>((resolve) => room.onReconnect(resolve));
      sockets.at(-1)!.terminate();
      const how = await back;
      expect(how.lostEvents).toBe(0);
      expect(how.took).toBeLessThan(3000);
      expect(room.token).not.toBe(token);
      expect(state!.has(room.player)).toBe(true);
      if (codec === "packed" && how.took < 800) expect(how.whole).toBe(false);
    }
    for (let i = 0; i < 80; i++) await frames.next(); // past a hash
    expect(drops).toEqual(["NETWORK", "NETWORK", "NETWORK"]);
    expect(told).toEqual([]);
    expect(room.stats.desyncs).toBe(0);
    await room.leave();
  });

  test("a token takes the session elsewhere, once; the window before is told", async () => {
    const first = await new Client(url!, options).create<{ pilots: Table<{ name: string }> }>("arena");
    const { token } = first;
    const end = new Promise((resolve) => first.onLeave(({ code }) => resolve(codeName(code))));
    const client = new Client(url!, options);
    const second = await client.resume<{ pilots: Table<{ name: string }> }>(token);
    expect(await end).toBe("SUPERSEDED");
    expect(second).toMatchObject({ player: first.player, sessionId: first.sessionId, roomId: first.roomId });
    expect(second.state.pilots.get(second.player)!.name).toBe("ann");
    await second.frames().next();
    await new Promise((resolve) => setTimeout(resolve, 100)); // the server has heard that the new one is used
    await expect(client.resume(token)).rejects.toMatchObject({ codeName: "FORBIDDEN" });
    await expect(client.resume("rt1.forged")).rejects.toMatchObject({ codeName: "UNAUTHENTICATED" });
    const last = second.token;
    await second.leave();
    await expect.poll(() => client.resume(last).catch((e: { codeName: string }) => e.codeName)).toBe("NOT_FOUND");
  });

  test("a slow pace is kept, and a command reaches the game once across a break", async () => {
    const { Breakable, sockets } = breakable();
    const client = new Client(url!, { ...options, WebSocket: Breakable });
    const ann = await client.create<{ board: { cells: number[] } }>("tictactoe", { private: true });
    const bob = await client.join({ code: ann.code! }, { name: "bob" });
    await ann.frames().next();
    await expect.poll(() => ann.command("place", { cell: 4 }).then(() => "", (e: { message: string }) => e.message)).toBe("");
    const answer = bob.command("place", { cell: 0 });
    sockets[1]!.terminate();
    await answer; // a second one would be refused: it is not bob's turn, and the cell is taken
    await expect.poll(() => ann.state.board.cells.filter((cell) => cell !== 0).length).toBe(2);
    ann.pace(ann.rate);
    const frames = ann.frames();
    for (let i = 0; i < 4; i++) await frames.next(); // some were under way
    const begin = performance.now();
    for (let i = 0; i < 2; i++) await frames.next();
    expect(performance.now() - begin).toBeGreaterThan(1000);
    await Promise.all([ann.leave(), bob.leave()]);
  });
});
