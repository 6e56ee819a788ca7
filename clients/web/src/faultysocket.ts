import type { Socket, SocketClass } from '@tickwire/client';

/** What a network does to messages. Times in milliseconds, one way. */
export interface Profile {
  readonly latency: number;
  /** Up to so much more, evenly. */
  readonly jitter: number;
  /** The share of messages that are held up for `stall`, and all behind them, as by a packet that is lost and sent again. */
  readonly stalls: number;
  readonly stall: number;
  /** Seconds between two cuts, on average; 0: none. */
  readonly cuts: number;
}

/** Networks to try a game on. */
export const profiles = {
  perfect: { latency: 0, jitter: 0, stalls: 0, stall: 0, cuts: 0 },
  wifi: { latency: 5, jitter: 10, stalls: 0.003, stall: 80, cuts: 0 },
  mobile: { latency: 45, jitter: 40, stalls: 0.01, stall: 250, cuts: 0 },
  bad: { latency: 120, jitter: 120, stalls: 0.02, stall: 700, cuts: 45 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** How long a cut network lets nothing through. */
const outage = 3000;

/** Random numbers from 0 to 1 that are the same for the same seed, so that a fault can be seen again. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x9e3779b9) >>> 0;
    let t = Math.imul(a ^ (a >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** One direction of a socket: late, but nothing overtakes anything, as in TCP. */
export class Lane {
  /** Bytes on their way. */
  held = 0;
  private readonly queue: { due: number; size: number; arrive: () => void }[] = [];
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly random: () => number) {}

  /** Sends something on its way. */
  send(profile: Profile, size: number, arrive: () => void): void {
    const { latency, jitter, stalls, stall } = profile;
    const now = performance.now();
    const slow = this.random() < stalls ? stall : 0;
    this.last = Math.max(this.last, now + latency + jitter * this.random() + slow);
    if (this.queue.length === 0 && this.last <= now) return arrive();
    this.queue.push({ due: this.last, size, arrive });
    this.held += size;
    this.timer ??= setTimeout(this.pump, this.last - now);
  }

  /** Loses all that is on its way. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.queue.length = 0;
    this.held = 0;
  }

  private readonly pump = (): void => {
    this.timer = undefined;
    for (let head; (head = this.queue[0]) && head.due <= performance.now(); ) {
      this.queue.shift();
      this.held -= head.size;
      head.arrive();
    }
    const [head] = this.queue;
    if (head) this.timer ??= setTimeout(this.pump, head.due - performance.now());
  };
}

/** A network with faults, in the page itself. All sockets and calls of a client go through it. */
export class FaultyNetwork {
  profile: Profile = profiles.perfect;
  /** To be given to a Client. */
  readonly WebSocket: SocketClass;
  private readonly sockets = new Set<FaultySocket>();
  private readonly random: () => number;
  private downUntil = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(seed: number, make: SocketClass = WebSocket) {
    this.random = seeded(seed);
    const { random, sockets } = this;
    const network: FaultyNetwork = this; // the class below has a this of its own
    this.WebSocket = class extends FaultySocket {
      constructor(url: string, protocols: string[]) {
        super(new make(url, protocols), network, random);
        sockets.add(this);
      }
    };
  }

  /** Whether nothing gets through now. */
  get down(): boolean {
    return performance.now() < this.downUntil;
  }

  /** To be given to a Client. */
  readonly fetch: typeof fetch = (...args) => (this.down ? Promise.reject(new TypeError('the network is cut')) : fetch(...args));

  /** Breaks all connections, and lets nothing through for a while. Its end is told to the page, as browsers do. */
  cut(milliseconds = outage): void {
    this.downUntil = performance.now() + milliseconds;
    for (const socket of [...this.sockets]) socket.cut();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => globalThis.dispatchEvent?.(new Event('online')), milliseconds);
  }

  /** Takes in that time has passed for a socket: it may be when the network breaks. */
  pass(milliseconds: number): void {
    const { cuts } = this.profile;
    if (cuts > 0 && this.random() < milliseconds / 1000 / cuts) this.cut();
  }

  forget(socket: FaultySocket): void {
    this.sockets.delete(socket);
  }
}

/** A WebSocket behind a network with faults. */
class FaultySocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  private readonly up: Lane;
  private readonly down: Lane;
  private heard = performance.now();

  constructor(
    private readonly inner: Socket,
    private readonly network: FaultyNetwork,
    random: () => number,
  ) {
    this.up = new Lane(random);
    this.down = new Lane(random);
    inner.onopen = (event) => this.arrive(0, () => this.onopen?.(event));
    inner.onmessage = (event: MessageEvent) => this.arrive((event.data as ArrayBuffer).byteLength, () => this.onmessage?.(event));
    inner.onerror = (event) => this.onerror?.(event);
    inner.onclose = (event) =>
      this.down.send(network.profile, 0, () => {
        network.forget(this);
        this.onclose?.(event);
      });
  }

  get binaryType(): string {
    return this.inner.binaryType;
  }

  set binaryType(type: string) {
    this.inner.binaryType = type;
  }

  get bufferedAmount(): number {
    return this.inner.bufferedAmount + this.up.held;
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    this.up.send(this.network.profile, data.byteLength, () => this.inner.send(data));
  }

  close(code?: number, reason?: string): void {
    this.up.send(this.network.profile, 0, () => this.inner.close(code, reason));
  }

  /** Ends it as a broken network does, without a word to the other side. */
  cut(): void {
    const { inner } = this;
    this.network.forget(this);
    this.up.clear();
    this.down.clear();
    inner.onopen = inner.onmessage = inner.onclose = null;
    inner.onerror = () => {};
    inner.close();
    this.onclose?.({ code: 1006, reason: '' });
  }

  private arrive(size: number, what: () => void): void {
    const now = performance.now();
    const passed = now - this.heard;
    this.heard = now;
    if (this.network.down) return this.cut(); // it was opened meanwhile
    this.network.pass(passed);
    if (this.inner.onmessage) this.down.send(this.network.profile, size, what);
  }
}
