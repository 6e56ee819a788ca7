import { h } from '../dom.js';
import { PendingTurns, angleBetween, angleOf, turnTowards } from './aim.js';
import type { Point } from './camera.js';
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
  private readonly held = new Map<string, number>(); // key code to when it went down
  private readonly gone = new AbortController();
  private readonly turns = new PendingTurns();
  private readonly stick = h('div', { class: 'stick', 'aria-hidden': 'true' }, h('i', {}));
  private readonly trigger = h('div', { class: 'trigger', role: 'button', 'aria-label': 'Fire' }, h('i', {}));
  private mouse: Point | undefined; // while its button is down
  private pull: Point | undefined; // of the stick, each -1 to 1
  private shooting = false;
  private used = false;

  /** changed is called at once when a key or button goes down or up, so that no press waits for the next drawn frame. */
  constructor(
    private readonly surface: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.element = h('div', { class: 'touch' }, this.stick, this.trigger);
    const signal = this.gone.signal;
    addEventListener('keydown', (event) => this.onKey(event, true), { signal });
    addEventListener('keyup', (event) => this.onKey(event, false), { signal });
    addEventListener('blur', () => this.release(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.release(), { signal });
    surface.addEventListener('pointerdown', (event) => this.onMouse(event), { signal });
    surface.addEventListener('pointermove', (event) => this.mouse && this.onMouse(event), { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) surface.addEventListener(end, () => ((this.mouse = undefined), this.changed()), { signal });
    surface.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    this.listenToStick(signal);
    this.listenToTrigger(signal);
  }

  /** Whether the player has done anything yet. */
  get touched(): boolean {
    return this.used;
  }

  destroy(): void {
    this.gone.abort();
  }

  /** What the player wants at this moment. Keys win over pointing. */
  read(now: number, helm: Helm | undefined): Steer {
    const has = (action: string) => [...this.held.keys()].some((code) => keys[code] === action);
    let turn = (Number(has('right')) - Number(has('left'))) as Steer['turn'];
    let thrust = (Number(has('ahead')) - Number(has('back'))) as Steer['thrust'];
    if (helm && turn === 0) {
      const angle = helm.angle + this.turns.angle(now, helm.delay, helm.rate);
      if (this.pull) {
        const want = angleOf(this.pull.x, this.pull.y);
        turn = turnTowards(angle, want);
        // Burn only roughly the right way, or every turn on the stick would end in a wide curve.
        if (Math.hypot(this.pull.x, this.pull.y) > 0.5 && Math.abs(angleBetween(angle, want)) < 48) thrust ||= 1;
      } else if (this.mouse) turn = turnTowards(angle, angleOf(this.mouse.x - helm.screen.x, this.mouse.y - helm.screen.y));
    }
    this.turns.note(now, turn);
    return { thrust, turn, fire: has('fire') || this.shooting || this.mouse !== undefined };
  }

  private onKey(event: KeyboardEvent, down: boolean): void {
    if (!keys[event.code]) return;
    if (down && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const target = event.target as HTMLElement | null;
    if (down && target?.closest('input, textarea, select, dialog')) return;
    if (down && event.code === 'Space' && target?.closest('button, summary, a')) return; // Space presses what has the focus
    if (!down) return this.letGo(event.code);
    event.preventDefault(); // no scrolling
    if (event.repeat) return;
    this.used = true;
    this.held.set(event.code, event.timeStamp);
    this.changed();
  }

  /** Ends a press, but not before it has lasted for a tick: the shortest tap counts. */
  private letGo(code: string): void {
    const since = this.held.get(code);
    if (since === undefined) return;
    const end = () => {
      if (this.held.get(code) === since) this.held.delete(code);
      this.changed();
    };
    const left = since + shortest - performance.now();
    if (left > 0) setTimeout(end, left);
    else end();
  }

  private onMouse(event: PointerEvent): void {
    if (event.pointerType === 'touch' || (event.type === 'pointerdown' && event.button !== 0)) return;
    if (event.type === 'pointerdown') {
      this.surface.setPointerCapture(event.pointerId);
      (document.activeElement as HTMLElement | null)?.blur(); // Space is for firing again
    }
    const box = this.surface.getBoundingClientRect();
    this.mouse = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.used = true;
    this.changed();
  }

  private listenToStick(signal: AbortSignal): void {
    const move = (event: PointerEvent) => {
      const box = this.stick.getBoundingClientRect();
      const x = (event.clientX - box.left - box.width / 2) / (box.width / 2);
      const y = (event.clientY - box.top - box.height / 2) / (box.height / 2);
      const length = Math.max(1, Math.hypot(x, y));
      this.pull = Math.hypot(x, y) < 0.2 ? undefined : { x: x / length, y: y / length };
      this.stick.style.setProperty('--x', String(x / length));
      this.stick.style.setProperty('--y', String(y / length));
      this.used = true;
    };
    const end = () => {
      this.pull = undefined;
      this.stick.style.setProperty('--x', '0');
      this.stick.style.setProperty('--y', '0');
    };
    this.stick.addEventListener('pointerdown', (event) => (this.stick.setPointerCapture(event.pointerId), move(event)), { signal });
    this.stick.addEventListener('pointermove', (event) => this.stick.hasPointerCapture(event.pointerId) && move(event), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const) this.stick.addEventListener(kind, end, { signal });
  }

  private listenToTrigger(signal: AbortSignal): void {
    const set = (down: boolean) => (event: PointerEvent) => {
      if (down) this.trigger.setPointerCapture(event.pointerId);
      this.shooting = down;
      this.used = true;
      this.trigger.toggleAttribute('data-down', down);
      this.changed();
    };
    this.trigger.addEventListener('pointerdown', set(true), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const) this.trigger.addEventListener(kind, set(false), { signal });
  }

  /** A window that loses the focus hears no key go up. */
  private release(): void {
    this.held.clear();
    this.mouse = undefined;
    this.shooting = false;
    this.changed();
  }
}
