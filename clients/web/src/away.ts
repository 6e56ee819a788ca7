import { h, setText } from './dom.js';
import type { GameRoom } from './room.js';

const fade = 500; // ms; the styles have the same number
const around = 100; // the ring's length

/**
 * Says that the connection is lost and that the room is on its way back, with the time for which the seat is kept. It
 * lies over the game and takes nothing from it: what is drawn stays, and the way out is free.
 */
export function awayVeil(room: GameRoom<never>): { element: HTMLElement; destroy(): void } {
  const text = h('p', {}, 'Connection lost, coming back …');
  const left = h('small', {});
  const ring = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  ring.setAttribute('viewBox', '0 0 36 36');
  ring.setAttribute('aria-hidden', 'true');
  const [track, rest] = ['track', 'rest'].map((name) => {
    const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [key, value] of Object.entries({ class: name, cx: 18, cy: 18, r: 15, pathLength: around })) circle.setAttribute(key, String(value));
    return circle;
  }) as [SVGCircleElement, SVGCircleElement];
  ring.append(track, rest);
  const element = h('div', { class: 'away', role: 'status', hidden: true }, h('div', { class: 'panel' }, h('span', { class: 'clock' }, h('i', { class: 'spinner' }), ring), h('div', {}, text, left)));
  let timer: ReturnType<typeof setInterval> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearInterval(timer);
    clearTimeout(hiding);
  };
  const show = () => {
    stop();
    const start = performance.now();
    const count = () => {
      const seconds = Math.max(0, room.grace - (performance.now() - start) / 1000);
      setText(left, seconds > 0 ? `Your seat is kept for ${Math.ceil(seconds)} s` : 'One last try');
      rest.style.strokeDashoffset = String(around * (1 - seconds / Math.max(1, room.grace)));
    };
    setText(text, 'Connection lost, coming back …');
    element.classList.remove('leaving');
    element.hidden = false;
    count();
    timer = setInterval(count, 200);
  };
  const hide = (said: string) => {
    stop();
    if (said) setText(text, said);
    setText(left, '');
    element.classList.add('leaving');
    hiding = setTimeout(() => (element.hidden = true), fade);
  };
  const stops = [room.onDrop(show), room.onReconnect(() => hide('Back again')), room.onLeave(() => hide(''))];
  return {
    element,
    destroy() {
      stop();
      for (const unsubscribe of stops) unsubscribe();
    },
  };
}
