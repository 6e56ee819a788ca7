/** Pings that may be on their way at once. */
const maxPings = 8;
/** The least round trip in milliseconds. Servers know to some milliseconds only for how long they held a ping. */
const leastPing = 0.1;

/** Meter measures a connection: round trips, and what comes in a second. */
export class Meter {
  /** Round trip in milliseconds without the time the server held the ping, at least 0.1; 0 before the first answer. */
  ping = 0;
  private readonly pings = new Map<number, number>();
  private lastPing = 0;
  private since: number;
  private frames = 0;
  private bytes = 0;
  private rates = { frames: 0, bytes: 0 };

  constructor(now: number) {
    this.since = now;
  }

  /** restart forgets the pings that went over another connection. */
  restart(): void {
    this.pings.clear();
  }

  /** sendPing is the ID of a ping that is sent now. */
  sendPing(now: number): number {
    const id = ++this.lastPing;
    this.pings.set(id, now);
    if (this.pings.size > maxPings) this.pings.delete(id - maxPings);
    return id;
  }

  /** pong takes the answer to a ping. */
  pong(id: number, heldUs: number, now: number): void {
    const sent = this.pings.get(id);
    if (sent === undefined) return;
    this.pings.delete(id);
    this.ping = Math.max(leastPing, now - sent - heldUs / 1000);
  }

  /** count takes one message. */
  count(bytes: number, now: number): void {
    this.turn(now, 1000);
    this.frames++;
    this.bytes += bytes;
  }

  /** perSecond is what came in, in the last full second. */
  perSecond(now: number): { frames: number; bytes: number } {
    this.turn(now, 2000); // messages turn it after one second; if none comes, asking does
    return this.rates;
  }

  private turn(now: number, after: number): void {
    const passed = now - this.since;
    if (passed < after) return;
    this.rates = { frames: (this.frames * 1000) / passed, bytes: (this.bytes * 1000) / passed };
    this.since = now;
    this.frames = 0;
    this.bytes = 0;
  }
}
