import type { Frame } from "./room.js";
/** FrameQueue gives frames to one `for await` loop. */
export declare class FrameQueue implements AsyncIterableIterator<Frame> {
    private readonly waiting;
    private readonly readers;
    private ended;
    private readonly onEnd;
    /** onEnd is called once, when the queue or its reader has ended. */
    constructor(onEnd: () => void);
    push(frame: Frame): void;
    /** end lets the reader read what is waiting, and then ends its loop. */
    end(): void;
    next(): Promise<IteratorResult<Frame>>;
    return(): Promise<IteratorResult<Frame>>;
    [Symbol.asyncIterator](): this;
}
