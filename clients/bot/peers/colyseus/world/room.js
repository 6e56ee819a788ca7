import { Room } from "@colyseus/core";
import { Encoder } from "@colyseus/schema";

import { ticks } from "../metrics.js";
import { readOptions } from "./land.js";
import { Mirror } from "./mirror.js";
import { World } from "./rules.js";
import { Sight } from "./sight.js";
import { RATE } from "./walker.js";

/** @typedef {{walker: import("./walker.js").Walker, sight: Sight}} Data */
/** @typedef {import("@colyseus/core").Client<{userData: Data}>} Player */

const SEATS = 2000;
const GRACE = 30;
const BUFFER = 1 << 20; // all clients' patches of a tick go through one

// The types of the messages.
const INPUT = 0;
const EAT = 1;
const DROP = 2;
const PICKED = 3;
const BUMP = 4;

/** The world as a room of Colyseus. */
export class WorldRoom extends Room {
  maxClients = SEATS;

  #mirror = new Mirror();
  #players = 0;
  /** @type {Map<import("./walker.js").Walker, Player>} */
  #clients = new Map();

  /** @param {{seed?: number, size?: unknown, food?: unknown, rocks?: unknown}} options */
  onCreate(options) {
    const mirror = this.#mirror;
    const world = new World(options.seed ?? 1, readOptions(options), {
      laid: (food) => mirror.laid(food),
      picked: (walker, food) => {
        mirror.picked(food);
        const bytes = Buffer.alloc(5);
        bytes[0] = food.kind;
        bytes.writeInt16LE(food.x / 128, 1);
        bytes.writeInt16LE(food.y / 128, 3);
        this.#clients.get(walker)?.sendBytes(PICKED, bytes);
      },
      bumped: (by, target, taken) => {
        const bytes = Buffer.alloc(4 + taken.length);
        bytes.writeUInt16LE(by.id, 0);
        bytes.writeUInt16LE(target.id, 2);
        taken.forEach((n, i) => bytes.writeUInt8(n, 4 + i));
        for (const walker of [by, target]) this.#clients.get(walker)?.sendBytes(BUMP, bytes);
      },
    });
    this.world = world;
    mirror.begin(world);
    Encoder.BUFFER_SIZE = BUFFER; // not for rooms of another kind, so not before there is one of this
    this.state = mirror.state;
    // One byte says it all, so nothing has to be unpacked.
    this.onMessageBytes(INPUT, (/** @type {Player} */ client, /** @type {Uint8Array} */ bytes) => {
      const walker = client.userData?.walker;
      const bits = bytes[0];
      if (walker === undefined || bits === undefined || (bits & 3) === 3 || ((bits >> 2) & 3) === 3) return;
      walker.dx = (bits & 3) - 1;
      walker.dy = ((bits >> 2) & 3) - 1;
      walker.running = (bits & 16) !== 0;
    });
    this.onMessageBytes(EAT, (/** @type {Player} */ client, /** @type {Uint8Array} */ bytes) => {
      if (client.userData) world.eat(client.userData.walker, bytes[0] ?? 0);
    });
    this.onMessageBytes(DROP, (/** @type {Player} */ client, /** @type {Uint8Array} */ bytes) => {
      if (client.userData) world.drop(client.userData.walker, bytes[0] ?? 0);
    });
    // As in the arena.
    this.setFixedTimestep(() => this.#step(world), RATE);
    this.patchRate = null;
  }

  /**
   * @param {Player} client
   * @param {{name?: string}} [options]
   */
  onJoin(client, options) {
    const world = /** @type {World} */ (this.world);
    const walker = world.join(++this.#players, String(options?.name ?? "").slice(0, 32));
    const sight = new Sight();
    client.userData = { walker, sight };
    client.view = sight.view;
    this.#clients.set(walker, client);
    const rows = this.#mirror.add(client.sessionId, walker);
    sight.own(walker, rows.bag);
    for (const mate of walker.band?.members ?? []) {
      if (mate === undefined) continue;
      const theirs = this.#mirror.rows.get(mate);
      if (theirs) sight.view.add(theirs.mate);
      if (mate !== walker) this.#clients.get(mate)?.view?.add(rows.mate);
    }
    world.land.refresh();
    sight.update(world, walker);
  }

  /** @param {Player} client */
  onDrop(client) {
    if (client.userData) client.userData.walker.away = true;
    void this.allowReconnection(client, GRACE).catch(() => {}); // who does not come back leaves
  }

  /** @param {Player} client */
  onReconnect(client) {
    if (!client.userData) return;
    client.userData.walker.away = false;
    this.#clients.set(client.userData.walker, client);
  }

  /** @param {Player} client */
  onLeave(client) {
    if (!client.userData) return;
    const { walker, sight } = client.userData;
    this.#clients.delete(walker);
    this.#mirror.remove(client.sessionId, walker);
    /** @type {World} */ (this.world).leave(walker);
    sight.view.dispose();
  }

  /** @param {World} world */
  #step(world) {
    const start = performance.now();
    world.step();
    this.#mirror.update(world);
    world.land.refresh(); // so that what lies there now is found
    for (const [walker, client] of this.#clients) client.userData?.sight.update(world, walker);
    this.broadcastPatch();
    ticks.observe(performance.now() - start);
  }
}
