import { h } from '../dom.js';
import type { Point } from './camera.js';

/** A stick for a thumb. */
export class Stick {
  readonly element = h('div', { class: 'stick', 'aria-hidden': 'true' }, h('i', {}));
  /** Where it is pulled to, each coordinate -1 to 1; undefined while it rests. */
  pull: Point | undefined;

  /** moved is called with every movement. */
  constructor(signal: AbortSignal, moved: () => void) {
    const move = (event: PointerEvent) => {
      const box = this.element.getBoundingClientRect();
      const x = (event.clientX - box.left - box.width / 2) / (box.width / 2);
      const y = (event.clientY - box.top - box.height / 2) / (box.height / 2);
      const length = Math.max(1, Math.hypot(x, y));
      this.pull = Math.hypot(x, y) < 0.2 ? undefined : { x: x / length, y: y / length };
      this.show(x / length, y / length);
      moved();
    };
    const end = () => {
      this.pull = undefined;
      this.show(0, 0);
      moved();
    };
    this.element.addEventListener('pointerdown', (event) => (this.element.setPointerCapture(event.pointerId), move(event)), { signal });
    this.element.addEventListener('pointermove', (event) => this.element.hasPointerCapture(event.pointerId) && move(event), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const) this.element.addEventListener(kind, end, { signal });
  }

  private show(x: number, y: number): void {
    this.element.style.setProperty('--x', String(x));
    this.element.style.setProperty('--y', String(y));
  }
}

/** A button for the other thumb, which is held. */
export class Trigger {
  readonly element: HTMLElement;
  down = false;

  constructor(label: string, signal: AbortSignal, changed: () => void) {
    this.element = h('div', { class: 'trigger', role: 'button', 'aria-label': label }, h('i', {}));
    const set = (down: boolean) => {
      this.down = down;
      this.element.toggleAttribute('data-down', down);
      changed();
    };
    this.element.addEventListener('pointerdown', (event) => (this.element.setPointerCapture(event.pointerId), set(true)), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const) this.element.addEventListener(kind, () => set(false), { signal });
    addEventListener('blur', () => this.down && set(false), { signal });
  }
}

/** Follows a mouse while its button is down. */
export class Pointer {
  /** Where it is on the surface; undefined while the button is up. */
  at: Point | undefined;

  constructor(surface: HTMLElement, signal: AbortSignal, changed: () => void) {
    const move = (event: PointerEvent) => {
      if (event.pointerType === 'touch' || (event.type === 'pointerdown' && event.button !== 0)) return;
      if (event.type === 'pointerdown') {
        surface.setPointerCapture(event.pointerId);
        (document.activeElement as HTMLElement | null)?.blur(); // keys are for the game again
      }
      const box = surface.getBoundingClientRect();
      this.at = { x: event.clientX - box.left, y: event.clientY - box.top };
      changed();
    };
    const end = () => {
      this.at = undefined;
      changed();
    };
    surface.addEventListener('pointerdown', move, { signal });
    surface.addEventListener('pointermove', (event) => this.at && move(event), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const) surface.addEventListener(kind, end, { signal });
    surface.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    addEventListener('blur', () => this.at && end(), { signal });
  }
}
