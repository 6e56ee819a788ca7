import { Code, TickwireError } from "./error.js";

/** The longest pause before the first try, and before any, in milliseconds. They double in between. */
const firstPause = 500;
const maxPause = 15_000;
/** After the server said that it is too much, a pause is at least so long. */
const politePause = 1000;
/** A try that takes longer is given up for another one. */
const tryTimeout = 10_000;

/** Try connects anew. It resolves with why there is no way back, if there is none; it rejects if another try may help. */
export type Try = (signal: AbortSignal) => Promise<TickwireError | undefined>;

/** Comeback tries to connect anew until it succeeds or there is no sense in it any more. */
export class Comeback {
  /** Tries since the last success, which whoever uses it must say by setting 0. */
  tries = 0;
  private readonly once: Try;
  private stopped = false;
  private trying: AbortController | undefined;
  private wakeUp = (): void => {};
  // The next pause is left out.
  private hurry = false;

  constructor(once: Try) {
    this.once = once;
  }

  /**
   * run tries until a time of performance.now(), and then once more: a machine that slept past it has not tried at all.
   * It resolves with nothing after a success or a stop, else with why there is none. last is how the connection ended.
   */
  async run(until: number, last: TickwireError): Promise<TickwireError | undefined> {
    for (;;) {
      const left = Math.max(0, until - performance.now());
      // Some tries are left for the rest of the time.
      await this.pause(Math.min(left, pauseOf(this.tries++, last.code), Math.max(2 * politePause, left / 3)));
      if (this.stopped) return undefined;
      const trying = (this.trying = new AbortController());
      const timer = setTimeout(() => trying.abort(), tryTimeout);
      try {
        return await this.once(trying.signal);
      } catch (e) {
        last = TickwireError.from(e, Code.NETWORK);
      } finally {
        clearTimeout(timer);
        this.trying = undefined;
      }
      if (this.stopped) return undefined;
      if (performance.now() >= until) return new TickwireError(Code.NETWORK, "the connection did not come back in time", { cause: last });
    }
  }

  /** wake ends the pause: the next try is now. One that is under way began on a network that is no more, if anew. */
  wake(anew: boolean): void {
    this.tries = 0;
    if (anew && this.trying) {
      this.hurry = true;
      this.trying.abort();
    }
    this.wakeUp();
  }

  /** stop gives up. */
  stop(): void {
    this.stopped = true;
    this.trying?.abort();
    this.wakeUp();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.hurry ? 0 : milliseconds);
      this.hurry = false;
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** pauseOf is full jitter: anything up to a bound, so that those whom one failure cut off do not all come at once. */
function pauseOf(tries: number, code: number): number {
  const pause = Math.random() * Math.min(maxPause, firstPause * 2 ** tries);
  return code === Code.TOO_MANY || code === Code.BUSY ? Math.max(politePause, pause) : pause;
}
