import { h, setText } from './dom.js';
import { profiles, type FaultyNetwork, type ProfileName } from './faultysocket.js';
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
export function networkOverlay(room: GameRoom<never>, open = !isSmall(), network?: FaultyNetwork): Overlay {
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
  const element = h('details', { class: 'net', open }, h('summary', { 'aria-label': 'Connection' }, icon('pulse'), ping), details, curve, network ? networkSwitch(network) : null);
  const samples: number[] = [];
  let last = -every;
  return {
    element,
    frame(now) {
      if (now - last < every) return;
      last = now;
      const stats = room.stats;
      const trip = (room.connected && stats.ping) || undefined;
      setText(ping, formatMillis(trip));
      element.dataset.quality = quality(trip);
      setText(rows.frames, `${Math.round(stats.framesPerSecond)} /s`);
      setText(rows.bytes, formatRate(stats.bytesPerSecond));
      setText(rows.tick, String(stats.tick));
      desyncs.hidden = stats.desyncs === 0;
      setText(rows.desyncs, String(stats.desyncs));
      if (trip) samples.push(trip);
      if (samples.length > 120) samples.shift();
      if (element.open) drawCurve(curve, samples);
    },
  };
}

/** Chooses a worse network, to see how the game bears it. A cut is chosen like a press: the network is then as before. */
function networkSwitch(network: FaultyNetwork): HTMLElement {
  const names = Object.keys(profiles) as ProfileName[];
  const now = () => names.find((name) => profiles[name] === network.profile) ?? 'perfect';
  const select = h('select', {}, ...names.map((name) => h('option', { value: name, selected: name === now() }, name)), h('option', { value: 'cut' }, 'drop now'));
  select.addEventListener('change', () => {
    if (select.value === 'cut') network.cut();
    else network.profile = profiles[select.value as ProfileName];
    select.value = now();
    select.blur(); // or the keys that steer would choose
  });
  return h('label', { class: 'faults' }, h('span', {}, 'network'), select);
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
