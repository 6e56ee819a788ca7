import type { Point } from '../canvas/camera.js';
import { Keys } from '../canvas/keys.js';
import { Pointer, Stick, Trigger } from '../canvas/touch.js';
import { h } from '../dom.js';
import { heading, type Walk } from './model.js';

type Action = 'up' | 'down' | 'left' | 'right' | 'run' | 'eat0' | 'eat1' | 'eat2' | 'drop0' | 'drop1' | 'drop2';

const keys: Record<string, Action> = {
  KeyW: 'up', ArrowUp: 'up', KeyS: 'down', ArrowDown: 'down', KeyA: 'left', ArrowLeft: 'left', KeyD: 'right', ArrowRight: 'right',
  ShiftLeft: 'run', ShiftRight: 'run', Space: 'run',
  Digit1: 'eat0', Digit2: 'eat1', Digit3: 'eat2', Numpad1: 'eat0', Numpad2: 'eat1', Numpad3: 'eat2',
  KeyZ: 'drop0', KeyX: 'drop1', KeyC: 'drop2',
};

const shortest = 75; // ms, a tick and a half

/** Keyboard, mouse and touch, made into one Walk, and into the bag's commands. */
export class Controls {
  readonly element: HTMLElement;
  private readonly keys: Keys<Action>;
  private readonly stick: Stick;
  private readonly trigger: Trigger;
  private readonly mouse: Pointer;
  private used = false;

  /** changed is called at once when something is pressed or let go; use when a piece is to be eaten or dropped. */
  constructor(surface: HTMLElement, changed: () => void, use: (command: 'eat' | 'drop', kind: number) => void) {
    const act = () => {
      this.used = true;
      changed();
    };
    this.keys = new Keys<Action>(
      keys,
      shortest,
      (down) => (down ? act() : changed()),
      (action) => {
        const [, command, kind] = /^(eat|drop)(\d)$/.exec(action) ?? [];
        if (command) use(command as 'eat' | 'drop', Number(kind));
        return command !== undefined;
      },
    );
    const { signal } = this.keys;
    this.mouse = new Pointer(surface, signal, act);
    this.stick = new Stick(signal, act);
    this.trigger = new Trigger('Run', signal, act);
    this.trigger.element.classList.add('run');
    this.element = h('div', { class: 'touch' }, this.stick.element, this.trigger.element);
  }

  /** Whether the player has done anything yet. */
  get touched(): boolean {
    return this.used;
  }

  destroy(): void {
    this.keys.destroy();
  }

  /** What the player wants at this moment; own is where the walker is on the screen, radius how wide. Keys win over pointing. */
  read(own: Point | undefined, radius: number): Walk {
    const run = this.keys.has('run') || this.trigger.down;
    const dx = this.keys.axis('right', 'left');
    const dy = this.keys.axis('down', 'up');
    if (dx !== 0 || dy !== 0) return { dx, dy, run };
    const { pull } = this.stick;
    if (pull) return { ...heading(pull.x, pull.y), run };
    const { at } = this.mouse;
    if (!at || !own || Math.hypot(at.x - own.x, at.y - own.y) < radius) return { dx: 0, dy: 0, run: false };
    return { ...heading(at.x - own.x, at.y - own.y), run };
  }
}
