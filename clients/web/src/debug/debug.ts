import type { Row, Table } from '@tickwire/client';
import { h, setText } from '../dom.js';
import { plural } from '../format.js';
import type { GameRoom, GameView } from '../room.js';
import { collect, controlFor, formatMessage, formatValue, valueAt, type Control, type Message } from './fields.js';
import { bindKeys, type Binding } from './keys.js';

type AnyRoom = GameRoom<Record<string, unknown>>;

const every = 100; // ms between two updates of the tables
const mostRows = 100;
const mostLines = 200;

/** Shows any game by its schema alone: its tables live, a form for what it takes, and its events as a log. */
export function mountDebug(root: HTMLElement, room: AnyRoom): GameView {
  const { schema } = room;
  const log = eventLog();
  const tables = schema.tables.map((table) => tableView(table, room.state));
  const gone = new AbortController();
  const commands = schema.commands.filter((command) => !command.internal);
  root.append(
    h(
      'div',
      { class: 'debug' },
      h('section', { 'aria-label': 'State' }, ...tables.map((table) => table.element)),
      h(
        'section',
        { 'aria-label': 'Messages' },
        schema.input ? inputForm(schema.input, room, log.add, gone.signal) : null,
        ...commands.map((command) => commandForm(command, room, log.add)),
        log.element,
      ),
    ),
  );
  const stop = room.onMessage('*', (value: object, { name, tick }) => log.add(`${name} ${formatMessage(value)}`, 'event', tick));
  let last = -every;
  return {
    frame(now) {
      if (now - last < every) return;
      last = now;
      for (const table of tables) table.update();
    },
    destroy() {
      stop();
      gone.abort();
    },
  };
}

type Log = (text: string, kind: 'event' | 'good' | 'bad', tick?: number) => void;

function eventLog(): { element: HTMLElement; add: Log } {
  const list = h('ol', { 'aria-live': 'polite', 'aria-label': 'Events' });
  return {
    element: h('div', { class: 'panel log' }, h('h2', {}, 'Events'), list),
    add(text, kind, tick) {
      list.prepend(h('li', { class: kind }, h('b', {}, tick === undefined ? '→' : String(tick)), text));
      while (list.childElementCount > mostLines) list.lastElementChild?.remove();
    },
  };
}

function tableView(table: AnyRoom['schema']['tables'][number], state: Record<string, unknown>): { element: HTMLElement; update(): void } {
  const columns = [...new Set(table.columns.map(({ name }) => name.replace(/\.\d+$/, '')))]; // an array is one column
  const body = h('tbody', {});
  const count = h('span', { class: 'badge' });
  const head = h('tr', {}, ...(table.single ? columns : ['id', ...columns]).map((name) => h('th', { scope: 'col' }, name)));
  return {
    element: h('div', { class: 'panel' }, h('h2', {}, table.name, count), h('div', { class: 'scroll', tabindex: 0 }, h('table', {}, h('thead', {}, head), body))),
    update() {
      const rows: [number | undefined, unknown][] = table.single ? [[undefined, state[table.name]]] : [...(state[table.name] as Table<Row>)];
      setText(count, table.single ? 'one' : plural(rows.length, 'row'));
      const shown = rows.slice(0, mostRows);
      while (body.rows.length > shown.length) body.deleteRow(-1);
      for (const [i, [id, row]] of shown.entries()) {
        const line = body.rows[i] ?? body.insertRow();
        const values = columns.map((name) => formatValue(valueAt(row, name)));
        for (const [j, text] of (id === undefined ? values : [String(id), ...values]).entries()) setText(line.cells[j] ?? line.insertCell(), text);
      }
    },
  };
}

function commandForm(command: Message, room: AnyRoom, log: Log): HTMLElement {
  const controls = command.fields.map((field) => controlFor(field, () => undefined));
  const send = async (event: Event) => {
    event.preventDefault();
    try {
      const value = collect(controls);
      await room.command(command.name, value);
      log(`${command.name} ${formatMessage(value)}`, 'good');
    } catch (error) {
      log(`${command.name}: ${(error as Error).message}`, 'bad');
    }
  };
  return h('form', { class: 'panel', onsubmit: (event: Event) => void send(event) }, h('h2', {}, command.name, h('button', { class: 'button small', type: 'submit' }, 'Send')), fieldset(controls));
}

/** The input, by hand or by keys. What is set goes to the game every tick; a press goes once. */
function inputForm(input: Message, room: AnyRoom, log: Log, signal: AbortSignal): HTMLElement {
  const send = () => {
    try {
      room.send(collect(controls));
      for (const control of controls) if (control.field.edge) control.set(0);
    } catch (error) {
      log(`input: ${(error as Error).message}`, 'bad');
    }
  };
  const controls = input.fields.map((field) => controlFor(field, send));
  const bindings = bindKeys(input.fields);
  const held = new Map<string, Binding>();
  const onKey = (event: KeyboardEvent, down: boolean) => {
    const binding = bindings.find(({ key }) => key === event.code);
    const control = controls.find(({ field }) => field.name === binding?.name);
    if (!binding || !control || event.repeat || (down && (event.target as Element | null)?.closest('input, button, dialog, .scroll'))) return;
    if (down) event.preventDefault();
    if (down) held.set(event.code, binding);
    else if (!held.delete(event.code)) return;
    const other = [...held.values()].reverse().find(({ name }) => name === binding.name);
    control.set(other?.value ?? 0);
    send();
  };
  addEventListener('keydown', (event) => onKey(event, true), { signal });
  addEventListener('keyup', (event) => onKey(event, false), { signal });
  const hints = bindings.map(({ key, name, value }) => h('span', {}, h('kbd', {}, signs[key] ?? key), ` ${name}${typeof value === 'number' ? ` ${value}` : ''}`));
  return h('form', { class: 'panel', onsubmit: (event: Event) => event.preventDefault() }, h('h2', {}, 'Input'), fieldset(controls), bindings.length > 0 && h('p', { class: 'keys' }, ...hints));
}

const signs: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };

function fieldset(controls: readonly Control[]): HTMLElement | null {
  return controls.length > 0 ? h('div', { class: 'fields' }, ...controls.map((control) => control.element)) : null;
}
