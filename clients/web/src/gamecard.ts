import { h, svg } from './dom.js';
import type { GameInfo } from './games.js';
import { icon } from './icons.js';

export interface GameCard {
  game: string;
  element: HTMLElement;
  /** Says how many play it right now. */
  live: HTMLElement;
  /** Whether it can be played right now. */
  enable(on: boolean): void;
}

/** A game in the lobby, with the quickest way in and a way to make a room of one's own. */
export function gameCard(game: Omit<GameInfo, 'mount'>, actions: { play(): void; create(): void }): GameCard {
  const live = h('p', { class: 'live' }, '…');
  const play = h('button', { class: 'button primary', type: 'button', 'data-action': 'play', 'aria-label': `Play ${game.title} now`, onclick: actions.play }, icon('play'), 'Play now');
  const create = h('button', { class: 'button', type: 'button', 'data-action': 'create', 'aria-label': `New ${game.title} room`, onclick: actions.create }, icon('plus'), 'New room');
  const element = h(
    'article',
    { class: 'card', 'data-game': game.name },
    h('div', { class: 'art' }, svg(game.art), h('ul', { class: 'tags' }, ...game.tags.map((tag) => h('li', {}, tag)))),
    h(
      'div',
      { class: 'body' },
      h('h2', {}, game.title),
      h('p', { class: 'blurb' }, game.blurb),
      live,
      h('div', { class: 'actions' }, play, create),
    ),
  );
  return {
    game: game.name,
    element,
    live,
    enable(on) {
      play.disabled = create.disabled = !on;
    },
  };
}
