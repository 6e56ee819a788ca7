import { awayVeil } from './away.js';
import { mountDebug } from './debug/debug.js';
import { h, setText } from './dom.js';
import { explainEnd } from './errors.js';
import type { FaultyNetwork } from './faultysocket.js';
import { games, titleOf } from './games.js';
import { icon } from './icons.js';
import { lostPanel } from './lost.js';
import { networkOverlay } from './overlay.js';
import type { GameRoom } from './room.js';
import { formatRoute } from './route.js';
import { toast } from './toast.js';

export interface GamePage {
  element: HTMLElement;
  destroy(): void;
}

/** What the page can do besides showing a room. */
export interface Doings {
  leave(): void;
  /** Takes a new seat in the same room. */
  again(): Promise<void>;
  network: FaultyNetwork;
}

/** A room on the screen: the game's own view, and around it what every game needs: leave, share, numbers, the end. */
export function gamePage(room: GameRoom<never>, { leave, again, network }: Doings, debug = false): GamePage {
  const stage = h('div', { class: 'stage' });
  const game = debug ? undefined : games[room.game];
  const overlay = game ? networkOverlay(room, undefined, network) : networkOverlay(room, false, network);
  const away = awayVeil(room);
  const element = h('div', { class: 'game', 'data-game': room.game }, stage, away.element, topBar(room, leave), overlay.element);
  const view = game ? game.mount(stage, room) : mountDebug(stage, room); // without a page of its own: by its schema
  let over = false;
  let next = requestAnimationFrame(function draw(now) {
    next = requestAnimationFrame(draw);
    view.frame(now);
    overlay.frame(now);
  });
  const stops = [
    room.onDrop(() => (element.dataset.away = '')),
    room.onReconnect(() => delete element.dataset.away),
    room.onClosing((ticks) => toast(`The server is stopping: the game ends in ${Math.ceil(ticks / room.rate)} s`, 'warn')),
    room.onLeave((why) => {
      if (over) return;
      over = true;
      element.dataset.over = '';
      element.append(lostPanel(why, leave, again, explainEnd(why)));
    }),
  ];
  return {
    element,
    destroy() {
      over = true;
      cancelAnimationFrame(next);
      for (const stop of stops) stop();
      away.destroy();
      view.destroy();
      element.remove();
    },
  };
}

function topBar(room: GameRoom<never>, leave: () => void): HTMLElement {
  const code = room.code;
  const link = () => {
    const route = code ? formatRoute({ page: 'invite', game: room.game, code }) : formatRoute({ page: 'room', game: room.game, roomId: room.roomId });
    return new URL(route, location.href).href;
  };
  return h(
    'div',
    { class: 'bar' },
    h('button', { class: 'button ghost leave', type: 'button', 'aria-label': 'Leave the room', onclick: leave }, icon('back'), h('span', {}, 'Leave')),
    h('h1', {}, titleOf(room.game)),
    code
      ? h('button', { class: 'button ghost code', type: 'button', 'aria-label': `Copy the invite code ${code}`, onclick: () => copy(code, 'Code copied') }, icon('lock'), h('code', {}, code))
      : null,
    h('button', { class: 'button ghost share', type: 'button', 'aria-label': 'Copy a link to this room', onclick: () => copy(link(), 'Link copied: send it to a friend') }, icon('link'), h('span', {}, 'Invite')),
  );
}

function copy(text: string, said: string): void {
  const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
  done.then(
    () => toast(said, 'good'),
    () => toast(text), // no clipboard without https: show it to be copied by hand
  );
}

/** What is shown while a seat is being taken. */
export function joiningPage(game: string, leave: () => void): HTMLElement {
  const text = h('p', { role: 'status' });
  setText(text, `Taking a seat in ${titleOf(game)} …`);
  return h('div', { class: 'joining' }, h('i', { class: 'spinner', 'aria-hidden': 'true' }), text, h('button', { class: 'button ghost', type: 'button', onclick: leave }, 'Cancel'));
}
