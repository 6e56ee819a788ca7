import { Room } from "@colyseus/core";

import { ticks } from "../metrics.js";
import { Mirror } from "./mirror.js";
import { Arena } from "./rules.js";

/** @typedef {import("@colyseus/core").Client<{userData: {ship: import("./ship.js").Ship}}>} Player */

const SEATS = 64;
const RATE = 20;
const GRACE = 30;

// The types of the messages. Numbers are the shortest names.
const INPUT = 0;
const HIT = 1;
const KILL = 2;

/** The arena as a room of Colyseus. */
export class ArenaRoom extends Room {
  maxClients = SEATS;

  #mirror = new Mirror();
  #players = 0;
  /** @type {Map<number, Player>} */
  #clients = new Map();

  /** @param {{seed?: number}} options */
  onCreate(options) {
    this.arena = new Arena(options.seed ?? 1, {
      fired: (shot) => this.#mirror.fired(shot),
      ended: (shot) => this.#mirror.ended(shot),
      hit: (target, by) => this.#hit(target, by),
      killed: (victim, killer) => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt16LE(killer?.id ?? 0, 0);
        bytes.writeUInt16LE(victim.id, 2);
        this.broadcastBytes(KILL, bytes, {});
      },
    });
    this.state = this.#mirror.state;
    // One byte says it all, so nothing has to be unpacked.
    this.onMessageBytes(INPUT, (/** @type {Player} */ client, /** @type {Uint8Array} */ bytes) => {
      const ship = client.userData?.ship;
      const bits = bytes[0];
      if (ship === undefined || bits === undefined || (bits & 3) === 3 || ((bits >> 2) & 3) === 3) return;
      ship.thrust = (bits & 3) - 1;
      ship.turn = ((bits >> 2) & 3) - 1;
      ship.fire = (bits & 16) !== 0;
    });
    // The step sends what it has done itself, neither early nor late. In this order, as without a step the lack of a rate
    // makes another timer turn the clock.
    this.setFixedTimestep(() => this.#step(), RATE);
    this.patchRate = null;
  }

  /**
   * @param {Player} client
   * @param {{name?: string}} [options]
   */
  onJoin(client, options) {
    const ship = /** @type {Arena} */ (this.arena).join(++this.#players);
    client.userData = { ship };
    this.#clients.set(ship.id, client);
    this.#mirror.add(client.sessionId, String(options?.name ?? "").slice(0, 32), ship);
  }

  /** @param {Player} client */
  onDrop(client) {
    if (client.userData) client.userData.ship.away = true;
    void this.allowReconnection(client, GRACE).catch(() => {}); // who does not come back leaves
  }

  /** @param {Player} client */
  onReconnect(client) {
    if (!client.userData) return;
    client.userData.ship.away = false;
    this.#clients.set(client.userData.ship.id, client);
  }

  /** @param {Player} client */
  onLeave(client) {
    if (!client.userData) return;
    const { ship } = client.userData;
    this.#clients.delete(ship.id);
    this.#mirror.remove(client.sessionId, ship);
    /** @type {Arena} */ (this.arena).leave(ship);
  }

  #step() {
    const start = performance.now();
    /** @type {Arena} */ (this.arena).tick();
    this.#mirror.update();
    this.broadcastPatch();
    ticks.observe(performance.now() - start);
  }

  /**
   * Tells the two players concerned.
   * @param {import("./ship.js").Ship} target
   * @param {import("./ship.js").Ship | undefined} by
   */
  #hit(target, by) {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(target.id, 0);
    bytes.writeUInt16LE(by?.id ?? 0, 2);
    bytes.writeInt16LE(target.x >> 5, 4);
    bytes.writeInt16LE(target.y >> 5, 6);
    this.#clients.get(target.id)?.sendBytes(HIT, bytes);
    if (by !== undefined) this.#clients.get(by.id)?.sendBytes(HIT, bytes);
  }
}
