import type { Client, Room, Table } from '@tickwire/client';
import { h, setText } from './dom.js';
import { explain } from './errors.js';
import { cutName, formatMillis, formatRate, plural } from './format.js';
import { games, unknownGame, type GameInfo } from './games.js';
import { gameCard, type GameCard } from './gamecard.js';
import { icon, logo } from './icons.js';
import { openNewRoom } from './newroom.js';
import { loadName, saveName } from './player.js';
import { RoomList, type RoomRow } from './roomlist.js';
import { toast } from './toast.js';

/** What the server's lobby room replicates. */
interface LobbyState {
  rooms: Table<RoomRow>;
}

export interface LobbyPage {
  element: HTMLElement;
  destroy(): void;
}

/** Opens a room: called with the promise of a seat; settles when the page has moved on, or says why not. */
export type Enter = (seat: Promise<Room<never>>) => Promise<void>;

/** The first page: who plays what right now, and the ways into a room. */
export function lobbyPage(client: Client, enter: Enter): LobbyPage {
  const page = new Lobby(client, enter);
  void page.watch();
  return page;
}

class Lobby implements LobbyPage {
  readonly element: HTMLElement;
  private readonly closed = new AbortController();
  private readonly cards: GameCard[];
  private readonly list: RoomList;
  private readonly games = h('section', { class: 'cards', 'aria-label': 'Games' });
  private readonly status = h('span', { class: 'status', role: 'status', 'data-state': 'connecting' }, 'Connecting …');
  private readonly wire = h('span', { class: 'wire' });
  private room: Room<LobbyState> | undefined;
  private busy = false;

  constructor(
    private readonly client: Client,
    private readonly enter: Enter,
  ) {
    this.cards = Object.values(games).map((game) => this.card(game));
    this.games.append(...this.cards.map((card) => card.element));
    this.list = new RoomList((row) => this.go(() => client.join<never>(row.id, { name: loadName() })));
    this.element = h(
      'div',
      { class: 'lobby' },
      this.header(),
      h(
        'main',
        {},
        h(
          'div',
          { class: 'hero' },
          h('h1', {}, 'Pick a game. ', h('span', { class: 'gradient' }, 'Play in a second.')),
          h('p', {}, 'No account, no download. Take a seat in an open room, or make one and send the link to your friends.'),
        ),
        this.games,
        h('section', { class: 'lower', 'aria-label': 'Rooms' }, this.list.element, this.codePanel()),
      ),
      h('footer', {}, h('span', {}, 'This list is a Tickwire room itself: only what changes is sent.'), this.wire),
    );
  }

  destroy(): void {
    this.closed.abort();
    void this.room?.leave().catch(() => undefined);
    this.element.remove();
  }

  /** Keeps the live list up: connects, shows each state, and comes back by itself when the connection is lost. */
  async watch(): Promise<void> {
    for (let attempt = 0; !this.closed.signal.aborted; attempt++) {
      try {
        const room: Room<LobbyState> = await this.client.lobby<LobbyState>();
        if (this.closed.signal.aborted) return void room.leave().catch(() => undefined);
        attempt = 0;
        void this.fitCards();
        await this.follow(room);
      } catch (error) {
        if (this.closed.signal.aborted) return;
        this.setStatus('lost', explain(error).title);
      }
      this.forget();
      // Full jitter: after a restart of the server, pages do not come back all at once.
      await pause(400 + Math.random() * Math.min(8000, 500 * 2 ** attempt), this.closed.signal);
    }
  }

  /** Shows one connection's life; ends when it does. */
  private follow(room: Room<LobbyState>): Promise<void> {
    this.room = room;
    this.setStatus('live', 'Live');
    this.show(room.state);
    const timer = setInterval(() => {
      const { ping, bytesPerSecond } = room.stats;
      setText(this.wire, `${formatMillis(ping || undefined)} · ${formatRate(bytesPerSecond)}`);
    }, 500);
    room.onDrop(() => {
      this.setStatus('lost', 'Connection lost, coming back …');
      this.forget();
    });
    room.onReconnect(() => this.setStatus('live', 'Live'));
    const stop = room.onState(() => this.show(room.state));
    return new Promise((resolve) => {
      room.onLeave((why) => {
        clearInterval(timer);
        stop();
        if (!this.closed.signal.aborted) this.setStatus('lost', explain(why).title);
        resolve();
      });
    });
  }

  private show(state: LobbyState): void {
    const rows = [...state.rooms].map(([, row]) => row).filter((row) => row.game !== 'lobby');
    this.list.show(rows);
    for (const card of this.cards) {
      const own = rows.filter((row) => row.game === card.game);
      const players = own.reduce((sum, row) => sum + row.players, 0);
      setText(card.live, own.length === 0 ? 'No open room yet: be the first' : `${plural(players, 'player')} in ${plural(own.length, 'open room')}`);
      card.live.toggleAttribute('data-busy', players > 0);
      card.enable(true);
    }
  }

  /** Shows that nothing is known while the server cannot be heard: numbers of a moment ago would be a lie. */
  private forget(): void {
    this.list.unknown();
    for (const card of this.cards) {
      setText(card.live, '…');
      card.live.removeAttribute('data-busy');
      card.enable(false);
    }
  }

  private card(game: Omit<GameInfo, 'mount'>): GameCard {
    return gameCard(game, {
      play: () => this.go(() => this.client.joinOrCreate<never>(game.name, { name: loadName() })),
      create: () => this.create(game.name),
    });
  }

  /** Takes away the cards of games that this server does not run, and adds those that it runs besides. */
  private async fitCards(): Promise<void> {
    try {
      const { games } = await this.client.list({ signal: this.closed.signal });
      for (const { name } of games) {
        if (name === 'lobby' || this.cards.some((card) => card.game === name)) continue;
        const card = this.card(unknownGame(name));
        this.cards.push(card);
        this.games.append(card.element);
      }
      if (this.room) this.show(this.room.state);
      for (const card of this.cards) card.element.hidden = !games.some((game) => game.name === card.game);
    } catch {
      // Then all stay; a press will say what is wrong.
    }
  }

  private setStatus(state: 'connecting' | 'live' | 'lost', text: string): void {
    this.status.dataset.state = state;
    setText(this.status, text);
    if (state !== 'live') setText(this.wire, '');
  }

  private create(game: string): void {
    openNewRoom(game, (isPrivate) => this.go(() => this.client.create<never>(game, { name: loadName(), private: isPrivate })));
  }

  /** Takes a seat, once: a second click while the first is under way does nothing. */
  private async go(seat: () => Promise<Room<never>>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.element.toggleAttribute('data-busy', true);
    try {
      await this.enter(seat());
    } catch (error) {
      const why = explain(error);
      toast(`${why.title}. ${why.text}`, 'warn');
    } finally {
      this.busy = false;
      this.element.removeAttribute('data-busy');
    }
  }

  private header(): HTMLElement {
    const input = h('input', { id: 'name', value: loadName(), autocomplete: 'nickname', spellcheck: 'false', enterkeyhint: 'done' });
    input.addEventListener('input', (event) => {
      const cut = cutName(input.value);
      // Not while a character is being put together from several keys.
      if (cut !== input.value && !(event as InputEvent).isComposing) input.value = cut;
    });
    input.addEventListener('change', () => {
      input.value = saveName(input.value) || loadName();
    });
    return h(
      'header',
      { class: 'top' },
      h('a', { class: 'brand', href: '#/' }, logo(), 'Tickwire'),
      this.status,
      h('div', { class: 'name' }, h('label', { for: 'name' }, 'Your name'), input),
    );
  }

  private codePanel(): HTMLElement {
    const input = h('input', {
      id: 'code', name: 'code', maxlength: 32, placeholder: 'CODE', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', enterkeyhint: 'go',
    });
    const form = h('form', { class: 'code' }, h('div', { class: 'field' }, input, h('button', { class: 'button', type: 'submit' }, 'Join')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const code = input.value.trim();
      if (code) void this.go(() => this.client.join<never>({ code }, { name: loadName() }));
      else {
        toast('Type the code first', 'warn');
        input.focus();
      }
    });
    return h(
      'aside',
      { class: 'panel invite' },
      h('h2', {}, icon('lock'), h('label', { for: 'code' }, 'Have a code?')),
      h('p', {}, 'Private rooms are not in the list. Type the code that you were given.'),
      form,
    );
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
