// client:begin
import { Client, type Table } from "@tickwire/client";

interface Arena {
  ships: Table<{ x: number; y: number; hp: number }>;
}

async function play(client: Client, draw: (id: number, x: number, y: number) => void) {
  const room = await client.joinOrCreate<Arena>("arena");
  room.send({ thrust: 1 }); // every tick, until further notice
  for await (const frame of room.frames()) {
    for (const [id, ship] of room.state.ships) draw(id, ship.x, ship.y);
    if (frame.tick > 1000) await room.leave();
  }
}
// client:end

import { expect, test } from "vitest";
import { bodies, fakeFetch, FakeSocket, settle, welcome } from "./fake.js";

test("what README.md shows joins, plays, draws and leaves", async () => {
  const drawn: unknown[] = [];
  const client = new Client("http://lobby.example", { fetch: fakeFetch(), WebSocket: FakeSocket });
  const playing = play(client, (...at) => drawn.push(at));
  await settle();
  const socket = FakeSocket.last;
  socket.onopen?.({});
  socket.deliver({ tick: 1000, base: 1, body: bodies.whole, welcome });
  await settle();
  socket.deliver({ base: 0, body: bodies.chain });
  await playing;
  expect(drawn.slice(-2)).toEqual([
    [1, 113, 50],
    [2, -7, 0],
  ]);
  expect(socket.take().at(-1)!.inputs[0]!.values).toEqual([1n]);
  expect(socket.closed).toBe(1000);
});
