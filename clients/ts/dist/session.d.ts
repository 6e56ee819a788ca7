import { TickwireError } from "./error.js";
import { Meter } from "./meter.js";
import { Pace } from "./pace.js";
import { Replica } from "./replica.js";
import type { EventInfo, Frame, Leave } from "./room.js";
import type { ServerFrame } from "./serverframe.js";
import { type Opened } from "./socket.js";
/** Hooks is what a session tells the room, in order. */
export interface Hooks {
    frame(frame: Frame, now: number): void;
    event(value: object, info: EventInfo): void;
    error(error: TickwireError): void;
    left(why: Leave): void;
    /** How far the picture on the screen lies behind the newest state, in ticks. */
    view(now: number): number;
}
/** Session is the traffic of one connection: frames in, acks, inputs and commands out. */
export declare class Session {
    readonly replica: Replica;
    readonly meter: Meter;
    readonly pace: Pace;
    stride: number;
    desyncs: number;
    /** As reported last, in ticks. */
    slack: number;
    private readonly socket;
    private readonly hooks;
    private readonly commands;
    private readonly inputs;
    private readonly events;
    private readonly timer;
    private input;
    private inputTick;
    private lastEvent;
    private resync;
    private quiet;
    private leaving;
    private why;
    private readonly ended;
    private end;
    constructor(opened: Opened, hooks: Hooks);
    /** start takes the first frame. If it is bad, nothing is left behind. */
    start(frame: ServerFrame, bytes: number): void;
    /** setInput sets what is sent every tick from now on; presses are sent once. */
    setInput(value: object): void;
    /** command sends a reliable message. */
    command(name: string, value: object): Promise<void>;
    /** leave closes the connection and waits until it is closed. */
    leave(): Promise<void>;
    /** receive takes a decoded frame. */
    private receive;
    private message;
    /** apply applies a frame's state. If the copy cannot be trusted after it, it asks for a whole one. */
    private apply;
    private distrust;
    /** respond acknowledges a state, with the input for the tick that it will be in time for. */
    private respond;
    private flush;
    /** beat is called once a second. */
    private beat;
    private write;
    private finish;
}
