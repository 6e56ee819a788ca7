import type { Table } from '@tickwire/client';
import type { Point } from '../canvas/camera.js';
import { Feed, key, nameTag } from '../canvas/feed.js';
import { hsl } from '../color.js';
import { h, setText } from '../dom.js';
import { BagPanel } from './bag.js';
import { kinds, loot, type Bag, type BumpEvent, type Mate, type Name, type Rules } from './model.js';

export interface Companion {
  id: number;
  name: string;
  /** Units from oneself. */
  distance: number;
  /** The direction, in radians. */
  angle: number;
}

/** The band without oneself, the nearest first. */
export function companions(mates: Iterable<[number, Mate]>, names: Table<Name>, own: number, here: Point): Companion[] {
  return [...mates]
    .filter(([id]) => id !== own)
    .map(([id, { x, y }]) => ({ id, name: names.get(id)?.name ?? '', distance: Math.round(Math.hypot(x - here.x, y - here.y)), angle: Math.atan2(y - here.y, x - here.x) }))
    .sort((a, b) => a.distance - b.distance || a.id - b.id);
}

/** What is written over the meadow: the bag, the own size, the band, what happened. */
export class Hud {
  readonly element: HTMLElement;
  private readonly bag: BagPanel;
  private readonly band = h('ol', { class: 'scores band', 'aria-label': 'Your band', hidden: true });
  private readonly feed = new Feed();
  private readonly number = h('b', {});
  private readonly fill = h('i', {});
  private readonly meter = h('div', { class: 'growth', role: 'meter', 'aria-label': 'Size' }, this.fill);
  private readonly hint = h('p', { class: 'hint' });
  private readonly hurt = h('div', { class: 'hurt', 'aria-hidden': 'true' });
  private shown = '';

  constructor(
    private readonly hue: (id: number) => number,
    use: (command: 'eat' | 'drop', kind: number) => void,
  ) {
    this.bag = new BagPanel(use);
    const touch = matchMedia('(pointer: coarse)').matches;
    this.hint.append(...(touch ? ['Walk with the stick, hold the button to run, tap what you want to eat'] : [key('W'), key('A'), key('S'), key('D'), ' or mouse to walk · ', key('Shift'), ' to run · ', key('1'), key('2'), key('3'), ' to eat']));
    const size = h('div', { class: 'size' }, h('span', {}, 'Size'), this.number, this.meter);
    this.element = h('div', { class: 'hud' }, this.hurt, this.band, this.feed.element, h('div', { class: 'carry' }, size, this.bag.element), this.hint);
  }

  showBag(bag: Bag | undefined): void {
    this.bag.show(bag);
  }

  showSize(size: number, rules: Rules): void {
    const part = (size - rules.minSize) / Math.max(1, rules.maxSize - rules.minSize);
    this.meter.setAttribute('aria-valuenow', String(size));
    this.meter.setAttribute('aria-valuemin', String(rules.minSize));
    this.meter.setAttribute('aria-valuemax', String(rules.maxSize));
    this.fill.style.width = `${100 * part}%`;
    setText(this.number, String(size));
  }

  /** Writes the band, if it has changed. */
  showBand(band: readonly Companion[], away: (id: number) => boolean): void {
    const rows = band.map((mate) => ({ ...mate, away: away(mate.id), eighth: Math.round((mate.angle / Math.PI) * 8) }));
    const now = JSON.stringify(rows.map(({ id, name, distance, eighth, away }) => [id, name, distance, eighth, away]));
    if (now === this.shown) return;
    this.shown = now;
    this.band.hidden = rows.length === 0;
    this.band.replaceChildren(
      ...rows.map((row) => {
        const dot = h('i', { 'aria-hidden': 'true' });
        dot.style.background = hsl(this.hue(row.id), 66);
        const arrow = h('span', { class: 'way', 'aria-hidden': 'true' }, '➤');
        arrow.style.rotate = `${row.eighth * 22.5}deg`;
        return h('li', { 'data-player': row.id, 'data-away': row.away }, dot, h('span', { class: 'who' }, row.name), h('b', {}, String(row.distance)), arrow);
      }),
    );
  }

  hideHint(): void {
    this.hint.classList.add('leaving');
  }

  /** Says who took what from whom; own is the player. */
  addBump(event: BumpEvent, own: number, name: (id: number) => string): void {
    const robbed = event.target === own;
    const tag = (id: number) => nameTag(id === own ? (robbed ? 'you' : 'You') : name(id), this.hue(id));
    this.feed.add(robbed, tag(event.by), ` took ${loot(event)} from `, tag(event.target));
    if (!robbed) return;
    this.hurt.getAnimations().forEach((animation) => animation.cancel());
    this.hurt.animate([{ opacity: 0.7 }, { opacity: 0 }], { duration: 420, easing: 'ease-out' });
  }

  /** Says what was picked, rising from where it lay. */
  addPick(kind: number, at: Point): void {
    const what = kinds[kind];
    if (!what) return;
    const text = h('span', { class: 'plus', 'aria-hidden': 'true' }, `+1 ${what.name}`);
    text.style.left = `${at.x}px`;
    text.style.top = `${at.y}px`;
    text.style.color = hsl(what.hue, 80);
    this.element.append(text);
    text.addEventListener('animationend', () => text.remove());
  }
}
