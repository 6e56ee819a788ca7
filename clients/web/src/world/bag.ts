import { h, setText } from '../dom.js';
import { kinds, type Bag } from './model.js';
import { foodPicture } from './things.js';

const dropKeys = ['Z', 'X', 'C'];

interface Slot {
  element: HTMLElement;
  eat: HTMLButtonElement;
  drop: HTMLButtonElement;
  count: HTMLElement;
  left: HTMLElement;
}

/** The bag: how many there are of each kind, with buttons to eat and to drop one. */
export class BagPanel {
  readonly element: HTMLElement;
  private readonly slots: Slot[];
  private counts: number[] = [];

  constructor(use: (command: 'eat' | 'drop', kind: number) => void) {
    this.slots = kinds.map((kind, i) => {
      const count = h('b', {}, '0');
      const left = h('i', { class: 'left', hidden: true });
      const act = (command: 'eat' | 'drop') => (event: MouseEvent) => {
        (event.currentTarget as HTMLElement).blur(); // or Space would press it again
        use(command, i);
      };
      const eat = h(
        'button',
        { class: 'eat', type: 'button', 'aria-label': `Eat a ${kind.name}: ${kind.effect}`, title: `Eat a ${kind.name} (${i + 1})`, onclick: act('eat') },
        foodPicture(i, 88), count, h('span', {}, kind.effect), h('kbd', { 'aria-hidden': 'true' }, String(i + 1)), left,
      );
      const drop = h('button', { class: 'drop', type: 'button', 'aria-label': `Drop a ${kind.name}`, title: `Drop a ${kind.name} (${dropKeys[i]})`, onclick: act('drop') }, h('span', { 'aria-hidden': 'true' }, '↧'), h('kbd', { 'aria-hidden': 'true' }, dropKeys[i]));
      return { element: h('div', { class: 'slot', 'data-kind': kind.name }, eat, drop), eat, drop, count, left };
    });
    this.element = h('div', { class: 'bag', role: 'group', 'aria-label': 'Your bag' }, ...this.slots.map((slot) => slot.element));
  }

  show(bag: Bag | undefined): void {
    if (!bag) return;
    this.slots.forEach((slot, i) => {
      const kind = kinds[i]!;
      const count = kind.count(bag);
      const left = kind.left(bag);
      if (count > (this.counts[i] ?? count)) bounce(slot.eat);
      this.counts[i] = count;
      setText(slot.count, String(count));
      slot.eat.disabled = slot.drop.disabled = count === 0;
      slot.left.hidden = left === 0;
      slot.element.toggleAttribute('data-active', left > 0);
      setText(slot.left, `${left} s`);
    });
  }
}

function bounce(element: HTMLElement): void {
  element.animate([{ transform: 'scale(1)' }, { transform: 'scale(1.14)' }, { transform: 'scale(1)' }], { duration: 240, easing: 'ease-out' });
}
