import { hsl } from '../color.js';
import { h, type Child } from '../dom.js';

const most = 5; // lines

/** What has happened, a line each; lines go after some seconds. */
export class Feed {
  readonly element = h('ul', { class: 'feed', 'aria-live': 'polite', 'aria-label': 'Events' });

  /** own marks what concerns the player. */
  add(own: boolean, ...parts: Child[]): void {
    const line = h('li', { 'data-own': own }, ...parts);
    this.element.append(line);
    while (this.element.childElementCount > most) this.element.firstElementChild?.remove();
    setTimeout(() => line.classList.add('leaving'), 5200);
    setTimeout(() => line.remove(), 5700);
  }
}

/** A player's name in its colour. */
export function nameTag(name: string, hue: number): HTMLElement {
  const element = h('b', {}, name);
  element.style.color = hsl(hue, 74);
  return element;
}

/** A key of the keyboard. */
export function key(name: string): HTMLElement {
  return h('kbd', {}, name);
}
