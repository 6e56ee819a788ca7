/** Keys that are held down, by what they do. */
export class Keys<Action extends string> {
  private readonly held = new Map<string, number>(); // key code to when it went down
  private readonly gone = new AbortController();

  /**
   * shortest is how long a press lasts at least, in milliseconds: the shortest tap counts. changed is called at once when
   * a key goes down or up, so that no press waits for the next drawn frame. An action that is not held but pressed is
   * told by pressed, with the event; it is not held then.
   */
  constructor(
    private readonly actions: Readonly<Record<string, Action>>,
    private readonly shortest: number,
    private readonly changed: (down: boolean) => void,
    private readonly pressed: (action: Action, event: KeyboardEvent) => boolean = () => false,
  ) {
    const signal = this.gone.signal;
    addEventListener('keydown', (event) => this.onKey(event, true), { signal });
    addEventListener('keyup', (event) => this.onKey(event, false), { signal });
    // A window that loses the focus hears no key go up.
    addEventListener('blur', () => this.release(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.release(), { signal });
  }

  /** Ends with destroy: for other listeners that go with the keys. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  destroy(): void {
    this.gone.abort();
  }

  has(action: Action): boolean {
    return [...this.held.keys()].some((code) => this.actions[code] === action);
  }

  /** 1 if only the first is held, -1 if only the second is. */
  axis(more: Action, less: Action): -1 | 0 | 1 {
    return (Number(this.has(more)) - Number(this.has(less))) as -1 | 0 | 1;
  }

  private onKey(event: KeyboardEvent, down: boolean): void {
    const action = this.actions[event.code];
    if (!action) return;
    if (!down) return this.letGo(event.code);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement | null;
    if (target?.closest('input, textarea, select, dialog')) return;
    if (event.code === 'Space' && target?.closest('button, summary, a')) return; // Space presses what has the focus
    event.preventDefault(); // no scrolling
    if (event.repeat || this.pressed(action, event)) return;
    this.held.set(event.code, event.timeStamp);
    this.changed(true);
  }

  /** Ends a press, but not before it has lasted for the shortest time. */
  private letGo(code: string): void {
    const since = this.held.get(code);
    if (since === undefined) return;
    const end = () => {
      if (this.held.get(code) === since) this.held.delete(code);
      this.changed(false);
    };
    const left = since + this.shortest - performance.now();
    if (left > 0) setTimeout(end, left);
    else end();
  }

  private release(): void {
    this.held.clear();
    this.changed(false);
  }
}
