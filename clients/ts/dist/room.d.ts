import { TickwireError } from "./error.js";
import type { Schema } from "./schema.js";
import type { Opened } from "./socket.js";
import type { State } from "./table.js";
/** Frame is one change of state, after it was applied. */
export interface Frame {
    /** The tick of the state. */
    readonly tick: number;
    /** chain: from the frame before; ring: from an older state after frames were skipped; whole: from nothing. */
    readonly kind: "chain" | "ring" | "whole";
    /** The size of the WebSocket message that carried it. */
    readonly bytes: number;
}
/** EventInfo says where an event of the game came from. */
export interface EventInfo {
    /** The event's name in the schema. */
    readonly name: string;
    /** The tick in which it happened. */
    readonly tick: number;
    /** 1, 2, 3 … within the session. */
    readonly seq: number;
}
/** Leave says why a room ended for this client. */
export interface Leave {
    /** One of Code. Code.LEFT if this client left by itself. */
    readonly code: number;
    readonly message: string;
}
/** Stats are measured by the client about once a second. */
export interface Stats {
    /** Round trip in milliseconds, without the time the server held the ping back; 0 before the first answer. */
    readonly ping: number;
    readonly framesPerSecond: number;
    /** Payload bytes of WebSocket messages. */
    readonly bytesPerSecond: number;
    /** The newest tick applied. */
    readonly tick: number;
    /** Frames whose hash differed from the copy's. A bug if it is not 0. */
    readonly desyncs: number;
    /** How early inputs arrive at the server, in ticks; negative: late. */
    readonly slack: number;
    /** How many ticks ahead of the newest state inputs are sent. */
    readonly lead: number;
}
/** Unsubscribe ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;
/**
 * Room is a seat in a running game: the state as it is now, what the player does, and what happens. Get one from a
 * Client. S is the type of the game's state.
 */
export declare class Room<S = State> {
    #private;
    /** The room's ID, by which others can join it. */
    readonly roomId: string;
    /** The session's ID. An identifier, not a credential. */
    readonly sessionId: string;
    /** The player's ID in the game: by most games' habit the ID of its own rows. */
    readonly player: number;
    /** The game's name. */
    readonly game: string;
    /** Ticks a second. */
    readonly rate: number;
    /** All that the game shares: tables, inputs, commands and events. */
    readonly schema: Schema;
    /** The code for inviting others, if the room is private. */
    readonly code?: string;
    /** The newest state. Tables by name; a Var is its row. The objects are live: they always show the newest state. */
    readonly state: S;
    /** For Client only. */
    constructor(opened: Opened);
    /** Ticks between two frames; the server lowers the rate of a client that is slow. */
    get stride(): number;
    /** What was measured about the connection. */
    get stats(): Stats;
    /**
     * interpolated is the state a moment ago, between two frames, for drawing: columns marked `lerp` move evenly, all else
     * is as it was then. Its objects are live like those of state, and change with the next call. now is a time of
     * performance.now(), such as requestAnimationFrame gives.
     */
    interpolated(now?: number): S;
    /**
     * send sets the input that goes to the game every tick from now on. Fields that are left out are zero. A field that the
     * game marked as `edge` is a press: it is sent once for every call that sets it. Throws OUT_OF_RANGE.
     */
    send(input: object): void;
    /** command sends a reliable message. Resolves when the game took it; rejects with REFUSED if it did not. */
    command(name: string, value?: object): Promise<void>;
    /** onMessage calls back for every event of a name, or of any for "*", in order and once. */
    onMessage<T = any>(name: string, callback: (value: T, event: EventInfo) => void): Unsubscribe;
    /** onState calls back after every change of state. */
    onState(callback: (frame: Frame) => void): Unsubscribe;
    /** onLeave calls back once, when the room has ended for this client; soon, if it has ended already. */
    onLeave(callback: (why: Leave) => void): Unsubscribe;
    /** onError calls back for what goes wrong but does not end the room, such as a callback that throws. */
    onError(callback: (error: TickwireError) => void): Unsubscribe;
    /**
     * frames are the changes of state from now on, for `for await`. It ends when the room ends or the signal aborts. A
     * reader that does not keep up loses the oldest; the state is always the newest.
     */
    frames(signal?: AbortSignal): AsyncIterableIterator<Frame>;
    /** leave gives the seat back. Resolves when the connection is closed; never rejects. */
    leave(): Promise<void>;
}
