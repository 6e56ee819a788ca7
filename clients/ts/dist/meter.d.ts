/** Meter measures a connection: round trips, and what comes in a second. */
export declare class Meter {
    /** Round trip in milliseconds without the time the server held the ping; 0 before the first answer. */
    ping: number;
    private readonly pings;
    private lastPing;
    private since;
    private frames;
    private bytes;
    private rates;
    constructor(now: number);
    /** sendPing is the ID of a ping that is sent now. */
    sendPing(now: number): number;
    /** pong takes the answer to a ping. */
    pong(id: number, heldUs: number, now: number): void;
    /** count takes one message. */
    count(bytes: number, now: number): void;
    /** perSecond is what came in, in the last full second. */
    perSecond(now: number): {
        frames: number;
        bytes: number;
    };
    private turn;
}
