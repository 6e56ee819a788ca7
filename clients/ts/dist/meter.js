/** Pings that may be on their way at once. */
const maxPings = 8;
/** Meter measures a connection: round trips, and what comes in a second. */
export class Meter {
    /** Round trip in milliseconds without the time the server held the ping; 0 before the first answer. */
    ping = 0;
    pings = new Map();
    lastPing = 0;
    since;
    frames = 0;
    bytes = 0;
    rates = { frames: 0, bytes: 0 };
    constructor(now) {
        this.since = now;
    }
    /** sendPing is the ID of a ping that is sent now. */
    sendPing(now) {
        const id = ++this.lastPing;
        this.pings.set(id, now);
        if (this.pings.size > maxPings)
            this.pings.delete(id - maxPings);
        return id;
    }
    /** pong takes the answer to a ping. */
    pong(id, heldUs, now) {
        const sent = this.pings.get(id);
        if (sent === undefined)
            return;
        this.pings.delete(id);
        this.ping = Math.max(0, now - sent - heldUs / 1000);
    }
    /** count takes one message. */
    count(bytes, now) {
        this.turn(now, 1000);
        this.frames++;
        this.bytes += bytes;
    }
    /** perSecond is what came in, in the last full second. */
    perSecond(now) {
        this.turn(now, 2000); // messages turn it after one second; if none comes, asking does
        return this.rates;
    }
    turn(now, after) {
        const passed = now - this.since;
        if (passed < after)
            return;
        this.rates = { frames: (this.frames * 1000) / passed, bytes: (this.bytes * 1000) / passed };
        this.since = now;
        this.frames = 0;
        this.bytes = 0;
    }
}
//# sourceMappingURL=meter.js.map