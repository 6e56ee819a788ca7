/**
 * Timeline says which moment of the game is on the screen: a little behind the newest state, as little as the evenness
 * of the arrivals allows. All times are in milliseconds; those of the server are tick times the length of a tick.
 */
export declare class Timeline {
    private readonly tickMs;
    private intervalMs;
    private readonly arrivals;
    private least;
    private spread;
    private measured;
    private moment;
    private last;
    constructor(tickMs: number, stride: number);
    /** setStride tells how many ticks lie between two frames from now on. */
    setStride(stride: number): void;
    /** arrive takes the arrival of a state. */
    arrive(tick: number, now: number): void;
    /** delay is how far the picture is to lie behind a state that comes at its earliest. */
    get delay(): number;
    /** at is the moment to show now, in the server's time; NaN before the first arrival. */
    at(now: number): number;
    private measure;
}
