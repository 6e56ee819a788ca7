import { h, setText } from './dom.js';
import { plural } from './format.js';
import { titleOf } from './games.js';
import { icon } from './icons.js';

/** A room as the lobby's table has it. */
export interface RoomRow {
  id: string;
  game: string;
  players: number;
  max: number;
}

interface Item {
  element: HTMLLIElement;
  count: HTMLElement;
  fill: HTMLElement;
  button: HTMLButtonElement;
}

/** The live list of rooms. Items are changed in place, so that a focused button stays focused while numbers move. */
export class RoomList {
  readonly element: HTMLElement;
  private readonly items = new Map<string, Item>();
  private readonly list = h('ul', { class: 'rooms' });
  private readonly empty = h('p', { class: 'empty' });
  private readonly count = h('span', { class: 'badge' }, '…');

  constructor(private readonly join: (row: RoomRow) => void) {
    this.element = h('div', { class: 'panel rooms-panel' }, h('h2', {}, icon('users'), 'Open rooms', this.count), this.list, this.empty);
    this.unknown();
  }

  /** Shows that the list is not known right now. */
  unknown(): void {
    this.element.dataset.state = 'unknown';
    setText(this.count, '…');
    for (const { button } of this.items.values()) button.disabled = true;
    setText(this.empty, 'Waiting for the server …');
  }

  /** Shows these rooms, those with most players first. */
  show(rows: RoomRow[]): void {
    this.element.dataset.state = rows.length === 0 ? 'empty' : 'known';
    setText(this.count, String(rows.length));
    setText(this.empty, 'No open rooms. Press "Play now" on a game: your room shows up here for everybody.');
    const sorted = [...rows].sort((a, b) => b.players - a.players || (a.id < b.id ? -1 : 1));
    const seen = new Set<string>();
    for (const [index, row] of sorted.entries()) {
      seen.add(row.id);
      const item = this.items.get(row.id) ?? this.add(row);
      this.update(item, row);
      const there = this.list.children[index];
      if (there !== item.element) this.list.insertBefore(item.element, there ?? null);
    }
    for (const [id, item] of this.items) {
      if (seen.has(id)) continue;
      item.element.remove();
      this.items.delete(id);
    }
  }

  private add(row: RoomRow): Item {
    const count = h('span', { class: 'seats' });
    const fill = h('i', {});
    const button = h('button', { class: 'button small', type: 'button', onclick: () => this.join(row) }, 'Join');
    const element = h(
      'li',
      { 'data-room': row.id, 'data-game': row.game },
      h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', { class: 'what' }, h('strong', {}, titleOf(row.game)), h('code', { title: row.id }, row.id.slice(0, 6))),
      h('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
      count,
      button,
    );
    const item = { element, count, fill, button };
    this.items.set(row.id, item);
    return item;
  }

  private update(item: Item, row: RoomRow): void {
    const full = row.max > 0 && row.players >= row.max;
    setText(item.count, `${row.players} / ${row.max}`);
    item.count.setAttribute('aria-label', `${plural(row.players, 'player')} of ${row.max}`);
    item.fill.style.width = `${row.max > 0 ? Math.min(100, (100 * row.players) / row.max) : 0}%`;
    item.button.disabled = full;
    setText(item.button, full ? 'Full' : 'Join');
    item.button.setAttribute('aria-label', full ? `${titleOf(row.game)} room ${row.id.slice(0, 6)} is full` : `Join ${titleOf(row.game)} room ${row.id.slice(0, 6)}`);
  }
}
