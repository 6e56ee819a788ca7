/**
 * Pace decides how many ticks ahead of the newest state inputs are meant for. The server reports how early they come,
 * as the least of the last second: too late is mended at once, too early slowly.
 */
export declare class Pace {
    /** Ticks ahead. */
    lead: number;
    private readonly rate;
    private settled;
    private early;
    constructor(rate: number);
    /** start guesses the lead before anything is reported, from the ticks between hello and the first frame. */
    start(roundTrip: number): void;
    /** report takes the slack of a frame, `passed` ticks after the one before; call it while inputs are being sent. */
    report(slack: number, passed: number): void;
    private set;
}
