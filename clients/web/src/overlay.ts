import { h, setText } from './dom.js';
import { formatMillis, formatRate } from './format.js';
import { icon } from './icons.js';
import type { GameRoom } from './room.js';
import { isSmall } from './small.js';

export interface Overlay {
  element: HTMLElement;
  frame(now: number): void;
}

const every = 250; // ms between two updates: numbers that change faster cannot be read

/** The connection in numbers, with the last half minute of the round trip as a curve. A press folds it. */
export function networkOverlay(room: GameRoom<never>, open = !isSmall()): Overlay {
  const ping = h('b', {});
  const rows = { frames: h('dd', {}), bytes: h('dd', {}), tick: h('dd', {}), desyncs: h('dd', {}) };
  const desyncs = h('div', { class: 'bad', hidden: true }, h('dt', {}, 'desyncs'), rows.desyncs);
  const curve = h('canvas', { width: 240, height: 56, 'aria-hidden': 'true' });
  const details = h(
    'dl',
    {},
    h('div', {}, h('dt', {}, 'frames'), rows.frames),
    h('div', {}, h('dt', {}, 'down'), rows.bytes),
    h('div', {}, h('dt', {}, 'tick'), rows.tick),
    desyncs,
  );
  const element = h('details', { class: 'net', open }, h('summary', { 'aria-label': 'Connection' }, icon('pulse'), ping), details, curve);
  const samples: number[] = [];
  let last = -every;
  return {
    element,
    frame(now) {
      if (now - last < every) return;
      last = now;
      const stats = room.stats;
      setText(ping, formatMillis(stats.ping || undefined));
      element.dataset.quality = quality(stats.ping || undefined);
      setText(rows.frames, `${Math.round(stats.framesPerSecond)} /s`);
      setText(rows.bytes, formatRate(stats.bytesPerSecond));
      setText(rows.tick, String(stats.tick));
      desyncs.hidden = stats.desyncs === 0;
      setText(rows.desyncs, String(stats.desyncs));
      if (stats.ping > 0) samples.push(stats.ping);
      if (samples.length > 120) samples.shift();
      if (element.open) drawCurve(curve, samples);
    },
  };
}

/** How a round trip feels in a fast game. */
export function quality(ping: number | undefined): 'good' | 'fair' | 'poor' | 'unknown' {
  if (ping === undefined || !Number.isFinite(ping) || ping < 0) return 'unknown';
  if (ping < 80) return 'good';
  return ping < 180 ? 'fair' : 'poor';
}

function drawCurve(canvas: HTMLCanvasElement, samples: number[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  const top = Math.max(20, ...samples) * 1.15;
  context.clearRect(0, 0, width, height);
  context.beginPath();
  samples.forEach((value, i) => context.lineTo(width - 2 * (samples.length - i), height - 2 - (value / top) * (height - 4)));
  context.strokeStyle = '#5ee7ff';
  context.lineWidth = 2.5;
  context.lineJoin = 'round';
  context.stroke();
}
