/** A reader that is further behind than this loses the oldest frames: nothing may queue without bound. */
const maxWaiting = 64;
/** FrameQueue gives frames to one `for await` loop. */
export class FrameQueue {
    waiting = [];
    readers = [];
    ended = false;
    onEnd;
    /** onEnd is called once, when the queue or its reader has ended. */
    constructor(onEnd) {
        this.onEnd = onEnd;
    }
    push(frame) {
        if (this.ended)
            return;
        const reader = this.readers.shift();
        if (reader)
            return reader({ value: frame, done: false });
        this.waiting.push(frame);
        if (this.waiting.length > maxWaiting)
            this.waiting.shift();
    }
    /** end lets the reader read what is waiting, and then ends its loop. */
    end() {
        if (this.ended)
            return;
        this.ended = true;
        for (const reader of this.readers.splice(0))
            reader({ value: undefined, done: true });
        this.onEnd();
    }
    next() {
        const frame = this.waiting.shift();
        if (frame)
            return Promise.resolve({ value: frame, done: false });
        if (this.ended)
            return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve) => this.readers.push(resolve));
    }
    return() {
        this.waiting.length = 0;
        this.end();
        return Promise.resolve({ value: undefined, done: true });
    }
    [Symbol.asyncIterator]() {
        return this;
    }
}
//# sourceMappingURL=framequeue.js.map