// Plays against a real server: TICKWIRE_URL=http://127.0.0.1:8080 npx vitest run test/live.test.ts
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Client, Code, type Row, type Table } from "../src/index.js";

const url = process.env["TICKWIRE_URL"];
const options = { name: "ann", WebSocket };

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
});
