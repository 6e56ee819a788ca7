import type { Point } from '../canvas/camera.js';
import { Keys } from '../canvas/keys.js';
import { Pointer, Stick, Trigger } from '../canvas/touch.js';
import { h } from '../dom.js';
import { PendingTurns, angleBetween, angleOf, turnTowards } from './aim.js';
import type { Steer } from './model.js';

const keys: Record<string, 'ahead' | 'back' | 'left' | 'right' | 'fire'> = {
  KeyW: 'ahead', ArrowUp: 'ahead', KeyS: 'back', ArrowDown: 'back',
  KeyA: 'left', ArrowLeft: 'left', KeyD: 'right', ArrowRight: 'right', Space: 'fire',
};

const shortest = 50; // ms, a tick and a half

/** What steering has to know about the game: the own ship's newest angle and how late it is. */
export interface Helm {
  angle: number;
  screen: Point;
  rate: number;
  delay: number; // ms from an input to its being seen
}

/** Keyboard, mouse and touch, made into one Steer. */
export class Controls {
  readonly element: HTMLElement;
  private readonly keys: Keys<(typeof keys)[string]>;
  private readonly turns = new PendingTurns();
  private readonly stick: Stick;
  private readonly trigger: Trigger;
  private readonly mouse: Pointer;
  private used = false;

  /** changed is called at once when a key or button goes down or up, so that no press waits for the next drawn frame. */
  constructor(surface: HTMLElement, changed: () => void) {
    const use = () => {
      this.used = true;
      changed();
    };
    this.keys = new Keys(keys, shortest, (down) => (down ? use() : changed()));
    const { signal } = this.keys;
    this.mouse = new Pointer(surface, signal, () => (this.mouse.at ? use() : changed()));
    this.stick = new Stick(signal, () => (this.used = true));
    this.trigger = new Trigger('Fire', signal, use);
    this.element = h('div', { class: 'touch' }, this.stick.element, this.trigger.element);
  }

  /** Whether the player has done anything yet. */
  get touched(): boolean {
    return this.used;
  }

  destroy(): void {
    this.keys.destroy();
  }

  /** What the player wants at this moment. Keys win over pointing. */
  read(now: number, helm: Helm | undefined): Steer {
    let turn = this.keys.axis('right', 'left');
    let thrust = this.keys.axis('ahead', 'back');
    const { pull } = this.stick;
    const mouse = this.mouse.at;
    if (helm && turn === 0) {
      const angle = helm.angle + this.turns.angle(now, helm.delay, helm.rate);
      if (pull) {
        const want = angleOf(pull.x, pull.y);
        turn = turnTowards(angle, want);
        // Burn only roughly the right way, or every turn on the stick would end in a wide curve.
        if (Math.hypot(pull.x, pull.y) > 0.5 && Math.abs(angleBetween(angle, want)) < 48) thrust ||= 1;
      } else if (mouse) turn = turnTowards(angle, angleOf(mouse.x - helm.screen.x, mouse.y - helm.screen.y));
    }
    this.turns.note(now, turn);
    return { thrust, turn, fire: this.keys.has('fire') || this.trigger.down || mouse !== undefined };
  }
}
