import type { Table } from '@tickwire/client';
import { Feed, key, nameTag } from '../canvas/feed.js';
import { hsl } from '../color.js';
import { h, setText } from '../dom.js';
import { isSmall } from '../small.js';
import { respawnSeconds, type Pilot } from './model.js';

export interface Standing {
  id: number;
  rank: number;
  name: string;
  score: number;
  deaths: number;
}

/** The pilots by score; of the rest only the own one is kept, with its true rank. */
export function standings(pilots: Iterable<[number, Pilot]>, own: number, rows: number): Standing[] {
  const all = [...pilots]
    .map(([id, pilot]) => ({ id, rank: 0, name: pilot.name, score: pilot.score, deaths: pilot.deaths }))
    .sort((a, b) => b.score - a.score || a.deaths - b.deaths || a.id - b.id);
  for (const [i, row] of all.entries()) row.rank = i + 1;
  const top = all.slice(0, rows);
  const me = all.find((row) => row.id === own);
  return me && me.rank > rows ? [...top.slice(0, -1), me] : top;
}

/** What is written over the arena: scores, who destroyed whom, the own ship's health, and the wait after a loss. */
export class Hud {
  readonly element: HTMLElement;
  private readonly scores = h('ol', { class: 'scores', 'aria-label': 'Scores' });
  private readonly feed = new Feed();
  private readonly bar = h('div', { class: 'health', role: 'meter', 'aria-label': 'Health', 'aria-valuemin': 0 });
  private readonly fill = h('i', {});
  private readonly number = h('b', {});
  private readonly down = h('div', { class: 'down', role: 'status', hidden: true });
  private readonly by = h('p', {});
  private readonly hint = h('p', { class: 'hint' });
  private readonly hurt = h('div', { class: 'hurt', 'aria-hidden': 'true' });
  private shown = '';

  constructor(private readonly hue: (id: number) => number) {
    this.bar.append(this.fill);
    const ring = h('div', { class: 'countdown', 'aria-hidden': 'true' });
    ring.style.setProperty('--seconds', `${respawnSeconds}s`);
    this.down.append(ring, h('h2', {}, 'Destroyed'), this.by);
    const touch = matchMedia('(pointer: coarse)').matches;
    this.hint.append(...(touch ? ['Steer with the stick, fire with the button'] : [key('W'), key('A'), key('S'), key('D'), ' or arrows to fly', ' · ', key('Space'), ' or mouse to fire']));
    this.element = h('div', { class: 'hud' }, this.hurt, this.scores, this.feed.element, h('div', { class: 'vitals' }, this.number, this.bar), this.down, this.hint);
  }

  /** Writes the table of scores, if it has changed. */
  showScores(pilots: Table<Pilot>, own: number, away: (id: number) => boolean): void {
    const rows = standings(pilots, own, isSmall() ? 4 : 8).map((row) => ({ ...row, away: away(row.id) }));
    const key = JSON.stringify(rows);
    if (key === this.shown) return;
    this.shown = key;
    this.scores.replaceChildren(
      ...rows.map((row) => {
        const dot = h('i', { 'aria-hidden': 'true' });
        dot.style.background = hsl(this.hue(row.id), 66);
        return h('li', { 'data-player': row.id, 'data-own': row.id === own, 'data-away': row.away }, h('span', { class: 'rank' }, String(row.rank)), dot, h('span', { class: 'who' }, row.name), h('b', {}, String(row.score)));
      }),
    );
  }

  showHealth(hp: number, maxHP: number): void {
    const part = maxHP > 0 ? hp / maxHP : 0;
    this.bar.setAttribute('aria-valuenow', String(hp));
    this.bar.setAttribute('aria-valuemax', String(maxHP));
    this.bar.dataset.level = part > 0.6 ? 'good' : part > 0.3 ? 'fair' : 'poor';
    this.fill.style.width = `${part * 100}%`;
    setText(this.number, String(hp));
  }

  /** The own ship is a wreck, or is back. */
  showDown(down: boolean, killer: string): void {
    setText(this.by, killer ? `by ${killer}` : 'Back in a moment');
    if (this.down.hidden === !down) return;
    this.down.hidden = !down;
  }

  /** The hint is at the top, but not over a ship that begins there. */
  placeHint(low: boolean): void {
    this.hint.toggleAttribute('data-low', low);
  }

  hideHint(): void {
    this.hint.classList.add('leaving');
  }

  /** A red rim, after a hit. */
  flashHurt(): void {
    this.hurt.getAnimations().forEach((animation) => animation.cancel());
    this.hurt.animate([{ opacity: 0.9 }, { opacity: 0 }], { duration: 420, easing: 'ease-out' });
  }

  /** Adds a line about who destroyed whom. */
  addKill(killer: { id: number; name: string }, victim: { id: number; name: string }, own: number): void {
    const name = (who: { id: number; name: string }) => nameTag(who.id === own ? 'You' : who.name, this.hue(who.id));
    this.feed.add(killer.id === own || victim.id === own, name(killer), h('span', { 'aria-label': 'destroyed' }, ' ✕ '), name(victim));
  }
}
