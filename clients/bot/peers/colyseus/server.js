// The sample games as rooms of Colyseus, in one process: node server.js [--port N]. The first line of output is the address.

import { createServer } from "node:http";
import { parseArgs } from "node:util";

import { Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";

import { ArenaRoom } from "./arena/room.js";
import { ticks } from "./metrics.js";
import { WorldRoom } from "./world/room.js";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

/**
 * @param {unknown} _
 * @param {import("node:http").ServerResponse} response
 */
function answer(_, response) {
  response.end(String(ticks));
}

const http = createServer();
const server = new Server({
  greet: false,
  transport: new WebSocketTransport({ server: http }), // without deflate, as it is by default
  express: (app) => {
    app.get("/metrics", answer);
  },
});
server.define("arena", ArenaRoom);
server.define("world", WorldRoom);

await server.listen(Number(values.port), "127.0.0.1");
const address = http.address();
if (address === null || typeof address === "string") throw new Error("the server has no port");
console.log(`127.0.0.1:${address.port} 127.0.0.1:${address.port}`); // for clients, and for /metrics
