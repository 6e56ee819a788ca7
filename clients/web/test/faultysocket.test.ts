import type { Socket } from '@tickwire/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultyNetwork, Lane, profiles, seeded, type Profile } from '../src/faultysocket.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is at the other end of a socket. */
class Inner implements Socket {
  static all: Inner[] = [];
  binaryType = '';
  bufferedAmount = 7;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly sent: number[] = [];
  closed: (number | undefined)[] = [];

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    Inner.all.push(this);
  }

  send(data: Uint8Array): void {
    this.sent.push(data[0] ?? -1);
  }

  close(code?: number): void {
    this.closed.push(code);
  }
}

function connect(profile: Profile = profiles.perfect, seed = 1) {
  const network = new FaultyNetwork(seed, Inner);
  network.profile = profile;
  const socket = new network.WebSocket('ws://a', ['p']);
  const inner = Inner.all.at(-1) as Inner;
  const told: string[] = [];
  socket.onopen = () => told.push('open');
  socket.onmessage = (event: MessageEvent) => told.push(String(new Uint8Array(event.data as ArrayBuffer)[0]));
  socket.onclose = (event: CloseEvent) => told.push(`closed ${event.code}`);
  const hear = (n: number) => inner.onmessage?.({ data: Uint8Array.of(n).buffer });
  return { network, socket, inner, told, hear };
}

const slow: Profile = { latency: 100, jitter: 50, stalls: 0, stall: 0, cuts: 0 };

describe('numbers by chance', () => {
  it('are the same for the same seed, and spread', () => {
    const take = (seed: number) => Array.from({ length: 1000 }, seeded(seed));
    expect(take(5)).toEqual(take(5));
    expect(take(5)).not.toEqual(take(6));
    const mean = take(5).reduce((sum, n) => sum + n) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    for (const n of take(7)) expect(n >= 0 && n < 1).toBe(true);
  });
});

describe('a lane', () => {
  /** When each of many messages, sent every 10 ms, arrives; in order of arrival. */
  const run = (profile: Profile, seed: number) => {
    const lane = new Lane(seeded(seed));
    const start = performance.now();
    const arrived: { n: number; late: number }[] = [];
    for (let n = 0; n < 300; n++) {
      const at = performance.now();
      lane.send(profile, 1, () => arrived.push({ n, late: performance.now() - at }));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(10_000);
    expect(performance.now() - start).toBe(13_000);
    expect(lane.held).toBe(0);
    return arrived;
  };

  it.each(Object.entries(profiles))('"%s" loses nothing, and nothing overtakes', (_, profile) => {
    const arrived = run(profile, 3);
    expect(arrived.map(({ n }) => n)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    for (const { late } of arrived) expect(late).toBeGreaterThanOrEqual(profile.latency);
  });

  it('is as late as its profile says', () => {
    const late = run(slow, 3).map((one) => one.late);
    expect(Math.min(...late)).toBeLessThan(110);
    expect(Math.max(...late)).toBeGreaterThan(140);
    expect(Math.max(...late)).toBeLessThanOrEqual(151); // timers count in whole milliseconds
  });

  it('stalls now and then, and all behind with it', () => {
    const late = run({ ...slow, jitter: 0, stalls: 0.02, stall: 500 }, 3).map((one) => one.late);
    expect(Math.max(...late)).toBe(600);
    expect(late.filter((ms) => ms > 100).length).toBeGreaterThan(50);
    expect(late.filter((ms) => ms === 100).length).toBeGreaterThan(50);
  });

  it('does the same again with the same seed', () => {
    expect(run(profiles.bad, 9)).toEqual(run(profiles.bad, 9));
    expect(run(profiles.bad, 9)).not.toEqual(run(profiles.bad, 10));
  });
});

describe('a socket', () => {
  it('of a perfect network adds nothing', () => {
    const { socket, inner, told, hear } = connect();
    expect([inner.url, inner.protocols]).toEqual(['ws://a', ['p']]);
    socket.binaryType = 'arraybuffer';
    expect(inner.binaryType).toBe('arraybuffer');
    inner.onopen?.({});
    hear(1);
    socket.send(Uint8Array.of(2));
    inner.onclose?.({ code: 4200 });
    expect(told).toEqual(['open', '1', 'closed 4200']);
    expect(inner.sent).toEqual([2]);
    socket.close(1000);
    expect(inner.closed).toEqual([1000]);
  });

  it('of a slow one is late both ways, in order, and counts what it holds', () => {
    const { socket, inner, told, hear } = connect(slow);
    inner.onopen?.({});
    hear(1);
    hear(2);
    inner.onclose?.({ code: 1006 });
    socket.send(Uint8Array.of(3));
    socket.close(1000);
    expect(socket.bufferedAmount).toBe(8);
    vi.advanceTimersByTime(99);
    expect([told, inner.sent, inner.closed]).toEqual([[], [], []]);
    vi.advanceTimersByTime(52);
    expect(told).toEqual(['open', '1', '2', 'closed 1006']);
    expect([inner.sent, inner.closed, socket.bufferedAmount]).toEqual([[3], [1000], 7]);
  });

  it('goes on in order when the network gets better', () => {
    const { network, told, hear } = connect(slow);
    hear(1);
    network.profile = profiles.perfect;
    hear(2);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(151);
    expect(told).toEqual(['1', '2']);
  });
});

describe('a cut', () => {
  it('breaks all sockets without a code that means anything, and what is under way is lost', () => {
    const { network, socket, inner, told, hear } = connect(slow);
    hear(1);
    socket.send(Uint8Array.of(2));
    network.cut(3000);
    expect(told).toEqual(['closed 1006']);
    expect(inner.closed).toEqual([undefined]); // 1000 would give the seat back
    hear(3);
    inner.onclose?.({ code: 1005 });
    vi.advanceTimersByTime(1000);
    expect([told, inner.sent]).toEqual([['closed 1006'], []]);
  });

  it('lets nothing through for its time: no calls, no new sockets', async () => {
    const fetched = vi.fn(() => Promise.resolve(new Response()));
    vi.stubGlobal('fetch', fetched);
    const { network } = connect();
    network.cut(3000);
    await expect(network.fetch('/')).rejects.toBeInstanceOf(TypeError);
    const next = new network.WebSocket('ws://b', []);
    const closed = vi.fn();
    const opened = vi.fn();
    next.onclose = closed;
    next.onopen = opened;
    Inner.all.at(-1)?.onopen?.({});
    expect(closed).toHaveBeenCalledWith({ code: 1006, reason: '' });
    expect(opened).not.toHaveBeenCalled();
    const online = vi.fn();
    vi.stubGlobal('dispatchEvent', online);
    vi.advanceTimersByTime(2999);
    expect([network.down, online.mock.calls.length]).toEqual([true, 0]);
    vi.advanceTimersByTime(1);
    expect(network.down).toBe(false);
    expect(online.mock.calls.map(([event]: Event[]) => event?.type)).toEqual(['online']);
    await network.fetch('/');
    expect(fetched).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it('comes by itself on a bad network, about as often as its profile says', () => {
    let cuts = 0;
    const network = new FaultyNetwork(4, Inner);
    network.profile = { ...profiles.perfect, cuts: 20 };
    network.cut = () => void cuts++;
    for (let ms = 0; ms < 20_000_000; ms += 33) network.pass(33);
    expect(cuts).toBeGreaterThan(900);
    expect(cuts).toBeLessThan(1100);
  });
});
