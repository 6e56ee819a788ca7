import type { Frame } from "./news.js";

/** A reader that is further behind than this loses the oldest frames: nothing may queue without bound. */
const maxWaiting = 64;

/** FrameQueue gives frames to one `for await` loop. */
export class FrameQueue implements AsyncIterableIterator<Frame> {
  private readonly waiting: Frame[] = [];
  private readonly readers: ((result: IteratorResult<Frame>) => void)[] = [];
  private ended = false;
  private readonly onEnd: () => void;

  /** onEnd is called once, when the queue or its reader has ended. */
  constructor(onEnd: () => void) {
    this.onEnd = onEnd;
  }

  push(frame: Frame): void {
    if (this.ended) return;
    const reader = this.readers.shift();
    if (reader) return reader({ value: frame, done: false });
    this.waiting.push(frame);
    if (this.waiting.length > maxWaiting) this.waiting.shift();
  }

  /** end lets the reader read what is waiting, and then ends its loop. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const reader of this.readers.splice(0)) reader({ value: undefined, done: true });
    this.onEnd();
  }

  next(): Promise<IteratorResult<Frame>> {
    const frame = this.waiting.shift();
    if (frame) return Promise.resolve({ value: frame, done: false });
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.readers.push(resolve));
  }

  return(): Promise<IteratorResult<Frame>> {
    this.waiting.length = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
