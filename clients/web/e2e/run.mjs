// The end-to-end test: the real server, the committed pages, real Chromium. `npm run e2e` in clients/.
// E2E_SHOTS=<folder> keeps pictures of all windows when it fails.
// --update-screenshot also draws web/arena.png anew, the picture in the README.
import { fileURLToPath } from 'node:url';
import * as arena from './arena.mjs';
import { addBots } from './bots.mjs';
import { startBrowser } from './browser.mjs';
import { must, until, within } from './expect.mjs';
import * as lobby from './lobby.mjs';
import { hunt } from './pilot.mjs';
import { startServer } from './server.mjs';
import * as tictactoe from './tictactoe.mjs';

async function step(what, run) {
  const began = performance.now();
  try {
    const result = await run();
    console.log(`ok   ${what} (${Math.round(performance.now() - began)} ms)`);
    return result;
  } catch (error) {
    console.log(`FAIL ${what}`);
    throw error;
  }
}

async function play(server, browser) {
  const { url } = server;
  const a = await browser.player(url, 'Somebody');
  const b = await browser.player(url, 'Bob');
  await step('the lobby opens', () => lobby.opens(a));
  await step('the lobby remembers a name', () => lobby.remembersName(a, 'Ada'));
  const players = await step('two players meet through the live list', () => arena.meet(a, b));
  await step('a key in one window moves the ship in the other', () => arena.fly(a, b, players));
  await step('shots take health, and then the ship', () => arena.fight(a, b, players));
  await step('the numbers are those of a connection that works', () => arena.numbers(a));
  const c = await step('a link and a thumb are enough on a phone', () => arena.phone(browser, url, players));
  await c.context().close();
  await step('a closed window leaves at once', () => until('the pilot is gone', () => a.evaluate(() => window.tickwire.room.state.pilots.size === 2)));
  await step('the button leads back to the lobby', () => arena.leave(a, b));
  await a.getByRole('button', { name: 'Leave the room' }).click();
  await step('the list follows those who leave', () => lobby.countsDown(b, players.room));
  await step('a private room is found by its code', () => tictactoe.inviteByCode(a, b));
  await step('tic-tac-toe is played to a win, wrong moves are refused', () => tictactoe.play(a, b));
  await step('a rematch begins with the other player', () => tictactoe.rematch(a, b));
  must(browser.problems.length === 0, `errors in the pages:\n${browser.problems.join('\n')}`);
  await step('a link to nothing ends in the lobby', () => lobby.brokenLink(b, url));
  browser.problems.splice(0, browser.problems.length, ...browser.problems.filter((text) => !/status of 404/.test(text))); // the answer that was asked for
  await b.context().close();
  return a;
}

/** An arena in full swing, for the README. */
async function screenshot(server, browser) {
  const a = await browser.player(server.url, 'Ada', { deviceScaleFactor: 2 });
  const crowd = await browser.player(server.url, 'Crowd', { viewport: { width: 400, height: 300 } });
  await a.click('[data-game="arena"] [data-action="play"]');
  const { id, player } = await until('a room', () => a.evaluate(() => window.tickwire.room && { id: window.tickwire.room.roomId, player: window.tickwire.room.player }));
  await addBots(crowd, id, 11);
  await until('a crowd', () => a.evaluate(() => window.tickwire.room.state.pilots.size === 12));
  let best = 0;
  const end = Date.now() + 25_000;
  const path = fileURLToPath(new URL('../arena.png', import.meta.url));
  while (Date.now() < end) {
    const target = await a.evaluate(nearest, player);
    if (target) await hunt(a, player, target, once(), 5000);
    const lively = await a.evaluate(howLively, player);
    if (lively <= best) continue;
    best = lively;
    await a.screenshot({ path });
  }
  must(best > 0, 'no picture was worth taking');
  await a.context().close();
  await crowd.context().close();
}

/** Runs in the page: the nearest ship that can be hunted. */
function nearest(player) {
  const { ships } = window.tickwire.room.state;
  const own = ships.get(player);
  const all = [...ships].filter(([id, ship]) => id !== player && ship.hp > 0).map(([id, ship]) => ({ id, distance: Math.hypot(ship.x - own.x, ship.y - own.y) }));
  return own.hp > 0 ? all.sort((one, other) => one.distance - other.distance)[0]?.id : undefined;
}

/** Runs in the page: how much there is to see around the own ship. */
function howLively(player) {
  const { ships, shots, pilots } = window.tickwire.room.state;
  const own = ships.get(player);
  if (own.hp === 0) return 0;
  const near = (it) => Math.abs(it.x - own.x) < 15 && Math.abs(it.y - own.y) < 9;
  const fights = [...ships.values()].filter((ship) => near(ship) && ship.hp > 0 && ship.hp < 100).length;
  const scores = [...pilots.values()].reduce((sum, pilot) => sum + pilot.score, 0);
  return 3 * [...ships.values()].filter(near).length + 2 * fights + [...shots.values()].filter(near).length + Math.min(12, scores) + 2 * document.querySelectorAll('.feed li').length;
}

/** Becomes true the second time. */
function once() {
  let looks = 0;
  return () => looks++ > 3;
}

async function main() {
  const server = await step('the server starts', startServer);
  let browser;
  let stopped = false;
  try {
    browser = await startBrowser();
    const last = await play(server, browser);
    if (process.argv.includes('--update-screenshot')) await step('arena.png is drawn', () => screenshot(server, browser));
    await step('a server that stops says so to its players, and ends with 0', async () => {
      stopped = true;
      await Promise.all([server.stop(), last.locator('.lost', { hasText: 'The server is stopping' }).waitFor({ timeout: 30_000 })]);
      await last.getByRole('button', { name: 'Back to the lobby' }).waitFor();
    });
    must(browser.problems.length === 0, `errors in the pages:\n${browser.problems.join('\n')}`);
  } catch (error) {
    if (process.env.E2E_SHOTS) await browser?.photograph(process.env.E2E_SHOTS);
    if (browser?.problems.length) console.log(`errors in the pages:\n${browser.problems.join('\n')}`);
    if (server.said()) console.log(`the server said:\n${server.said()}`);
    throw error;
  } finally {
    await browser?.close();
    if (!stopped) await server.stop();
  }
}

await within(300_000, 'the end-to-end test', main).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
