import type { Unsubscribe } from "./news.js";

/** Listeners are callbacks that may be taken back. */
export class Listeners<A extends unknown[]> {
  private list: ((...args: A) => void)[] = [];
  private readonly failed: (error: unknown) => void;

  /** failed takes what a callback throws: one that fails must not keep the others from being called. */
  constructor(failed: (error: unknown) => void) {
    this.failed = failed;
  }

  get size(): number {
    return this.list.length;
  }

  add(callback: (...args: A) => void): Unsubscribe {
    const own = (...args: A): void => callback(...args); // so that adding one callback twice and removing once leaves one
    this.list = [...this.list, own];
    return () => {
      this.list = this.list.filter((other) => other !== own);
    };
  }

  emit(...args: A): void {
    for (const callback of this.list) {
      try {
        callback(...args);
      } catch (e) {
        this.failed(e);
      }
    }
  }
}
