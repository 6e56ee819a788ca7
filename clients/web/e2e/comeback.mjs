// Connections that are lost, and pages that are loaded again: the seat stays.
import { must, until } from './expect.mjs';
import { Keys, shipIn } from './pilot.mjs';

const inRoom = (page) => until('a room is on the screen', () => page.evaluate(() => window.tickwire.room?.connected && { id: window.tickwire.room.roomId, player: window.tickwire.room.player, session: window.tickwire.room.sessionId }), 30_000);
const pilots = (page) => page.evaluate(() => [...window.tickwire.room.state.pilots].map(([id, { name, score, deaths }]) => `${id} ${name} ${score} ${deaths}`).join());
const isAway = (page, player) => page.evaluate((id) => window.tickwire.room.state.pilots.get(id)?.away === true, player);

/** A key still moves the ship, in the own window and in the other. */
async function flies(page, other, player) {
  const before = await shipIn(other, player);
  const keys = new Keys(page);
  await keys.hold('KeyD');
  for (const each of [page, other]) await until('the ship turns', async () => (await shipIn(each, player)).angle !== before.angle);
  await keys.hold();
}

/** Counts what the room tells from now on. */
const listen = (page) =>
  page.evaluate(() => {
    window.heard = { drops: 0, returns: [], leaves: 0 };
    window.tickwire.room.onDrop(() => window.heard.drops++);
    window.tickwire.room.onReconnect((how) => window.heard.returns.push(how));
    window.tickwire.room.onLeave(() => window.heard.leaves++);
  });

/** The switch cuts the network for some seconds: the page says so, the others see it, and the same ship flies on. */
export async function cut(a, b) {
  const before = await inRoom(a);
  const scores = await pilots(b);
  await listen(a);
  await a.locator('.net .faults select').selectOption('cut');
  const veil = a.locator('.away', { hasText: 'Connection lost, coming back' });
  await veil.waitFor();
  await a.locator('.away', { hasText: /Your seat is kept for \d+ s/ }).waitFor();
  must(await a.evaluate(() => window.tickwire.room.connected === false), 'the room says that it is connected');
  await until('the others see that the player is away', () => isAway(b, before.player));
  await b.locator(`.scores [data-player="${before.player}"][data-away]`).waitFor();
  const after = await inRoom(a);
  await a.locator('.away').waitFor({ state: 'hidden', timeout: 30_000 });
  must(JSON.stringify(after) === JSON.stringify(before), 'the room came back as another one');
  await until('the others see that the player is back', async () => !(await isAway(b, before.player)));
  await flies(a, b, before.player);
  for (const page of [a, b]) must((await pilots(page)) === scores, 'the players are others than before');
  const heard = await a.evaluate(() => window.heard);
  must(heard.drops === 1 && heard.returns.length === 1 && heard.leaves === 0, `the room told ${JSON.stringify(heard)}`);
  must(heard.returns[0].lostEvents === 0, 'events were lost');
  must((await a.locator('.net .faults select').inputValue()) === 'perfect', 'the switch stays at the cut');
}

/** A page that is loaded again has the same ship; the address stays. */
export async function reload(a, b) {
  const before = await inRoom(a);
  const scores = await pilots(b);
  const link = a.url();
  for (let times = 0; times < 2; times++) {
    await a.reload();
    const after = await inRoom(a);
    must(JSON.stringify(after) === JSON.stringify(before), 'a page that was loaded again is another player');
  }
  must(a.url() === link, 'the address has changed');
  await flies(a, b, before.player);
  for (const page of [a, b]) await until('the players are as before', async () => (await pilots(page)) === scores);
  await until('nobody is away', async () => !(await isAway(b, before.player)));
}

/** A seat that is no longer kept is nothing to talk about: the page takes a new one. */
export async function reloadTooLate(page, url) {
  await page.goto(`${url}/#/debug/arena`);
  const before = await inRoom(page);
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, sessionStorage.getItem(key).replace(/rt1\.[\w-]+/g, 'rt1.forged'));
  });
  await page.reload();
  const after = await inRoom(page);
  must(after.id === before.id && after.player !== before.player, 'a forged token led somewhere');
  must((await page.locator('.toast, .lost').count()) === 0, 'the page complains');
}

/** A bad network is borne: late, never wrong. */
export async function badNetwork(a, b, players) {
  await a.locator('.net .faults select').selectOption('mobile');
  await until('the round trip shows it', () => a.evaluate(() => window.tickwire.room.stats.ping > 80));
  await flies(a, b, players.a);
  must(await a.evaluate(() => window.tickwire.room.stats.desyncs === 0), 'a copy of the state was wrong');
  await a.locator('.net .faults select').selectOption('perfect');
}
