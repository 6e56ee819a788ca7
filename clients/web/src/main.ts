import { Client, Code, type Room } from '@tickwire/client';
import { explain } from './errors.js';
import { FaultyNetwork } from './faultysocket.js';
import { gamePage, joiningPage } from './gamepage.js';
import { lobbyPage } from './lobby.js';
import { lostPanel } from './lost.js';
import { loadName } from './player.js';
import { formatRoute, parseRoute, type Route } from './route.js';
import { toast } from './toast.js';
import './style.css';

declare global {
  interface Window {
    /** For tests and for the curious at the browser's console: the client, and the room on the screen, if any. */
    tickwire: { readonly client: Client; room: Room<never> | undefined };
  }
}

const root = document.querySelector<HTMLElement>('#app') ?? document.body;
const network = new FaultyNetwork(Date.now());
const client = new Client(new URL('.', location.href).href, { name: loadName(), WebSocket: network.WebSocket, fetch: network.fetch, ...memory() });

window.tickwire = { client, room: undefined };

/** Where a seat can be taken. */
type Seat = Exclude<Route, { page: 'lobby' }>;

let page: { destroy(): void } | undefined; // what is on the screen
let turn = 0; // counts navigations, so that an answer that comes too late changes nothing

/** Shows what the location says. A room that is already open is handed over, anything else is joined first. */
async function show(route: Route): Promise<void> {
  if (route.page === 'lobby') return showLobby();
  const mine = ++turn;
  const waiting = joiningPage(route.game, goToLobby);
  replace({ destroy: () => waiting.remove() }, waiting);
  try {
    await join(route);
  } catch (error) {
    if (mine !== turn) return;
    // The link stays in the address while there is nobody to ask about it.
    if ((error as { code?: unknown }).code === Code.NETWORK) return waiting.replaceChildren(lostPanel(error, goToLobby, () => join(route)));
    const why = explain(error);
    toast(`${why.title}. ${why.text}`, 'warn');
    goToLobby();
  }
}

/** Takes a seat and shows the room. Does nothing if the page has moved on meanwhile. */
async function join(route: Seat): Promise<void> {
  const mine = turn;
  const room = await takeSeat(route);
  if (mine !== turn) return void room.leave().catch(() => undefined);
  turn++;
  showRoom(room, route.page === 'debug');
}

/** The seat that this tab had before it was loaded again, if it is still kept; else a new one. */
async function takeSeat(route: Seat): Promise<Room<never>> {
  const name = loadName();
  if (route.page === 'debug' && !route.roomId) return client.joinOrCreate<never>(route.game, { name });
  const where = route.page === 'invite' ? { code: route.code } : (route.roomId ?? '');
  return (await client.resumeStored<never>(where)) ?? client.join<never>(where, { name });
}

/** Where this tab keeps what it needs to come back: no other tab sees it, and it ends with the tab. */
function memory(): { storage?: Storage } {
  try {
    return { storage: sessionStorage };
  } catch {
    return {}; // forbidden: a page that is loaded again is a new player
  }
}

function showLobby(): void {
  turn++;
  document.title = 'Tickwire';
  const lobby = lobbyPage(client, async (seat) => {
    const mine = turn;
    const room = await seat;
    if (mine !== turn) return void room.leave().catch(() => undefined);
    // Later joins of this address are new seats; now it only names what is shown.
    history.pushState(null, '', formatRoute(addressOf(room)));
    turn++;
    showRoom(room);
  });
  replace(lobby, lobby.element);
}

function showRoom(room: Room<never>, debug = false): void {
  const address = addressOf(room, debug);
  document.title = `${room.game} · Tickwire`;
  history.replaceState(null, '', formatRoute(address));
  const game = gamePage(room, { leave: goToLobby, again: () => join(address), network }, debug);
  replace(
    {
      destroy() {
        game.destroy();
        void room.leave().catch(() => undefined);
        window.tickwire.room = undefined;
      },
    },
    game.element,
  );
  window.tickwire.room = room;
}

function replace(next: { destroy(): void }, element: HTMLElement): void {
  page?.destroy();
  page = next;
  root.replaceChildren(element);
  scrollTo(0, 0);
}

function goToLobby(): void {
  if (parseRoute(location.hash).page === 'lobby') showLobby();
  else location.hash = '#/';
}

/** How to get into a room once more. */
function addressOf(room: Room<never>, debug = false): Seat {
  if (debug) return { page: 'debug', game: room.game, roomId: room.roomId };
  return room.code ? { page: 'invite', game: room.game, code: room.code } : { page: 'room', game: room.game, roomId: room.roomId };
}

// By the event's own address: the location may be the next one already, and would be joined twice.
addEventListener('hashchange', (event) => void show(parseRoute(new URL(event.newURL).hash)));
// The list of rooms is left at once. A game is not: a page that is loaded again comes back to its seat, and nobody can
// tell it from one that is closed.
addEventListener('pagehide', () => {
  if (!window.tickwire.room) page?.destroy();
});
addEventListener('pageshow', (event) => {
  if (event.persisted && !window.tickwire.room) void show(parseRoute(location.hash));
});
void show(parseRoute(location.hash));
