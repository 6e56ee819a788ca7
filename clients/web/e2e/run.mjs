// The end-to-end test: the real server, the committed pages, real Chromium. `npm run e2e` in clients/.
// E2E_SHOTS=<folder> keeps pictures of all windows when it fails.
// --update-screenshot also draws web/arena.png anew, the picture in the README.
import * as arena from './arena.mjs';
import { startBrowser } from './browser.mjs';
import * as comeback from './comeback.mjs';
import * as debug from './debug.mjs';
import { must, until, within } from './expect.mjs';
import * as lobby from './lobby.mjs';
import { screenshot } from './screenshot.mjs';
import { startServer } from './server.mjs';
import * as tictactoe from './tictactoe.mjs';
import * as world from './world.mjs';

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

const small = { width: 860, height: 540 }; // fewer pixels to draw without a graphics card

async function play(server, browser) {
  const { url } = server;
  const a = await browser.player(url, 'Somebody', { viewport: small });
  const b = await browser.player(url, 'Bob', { viewport: small });
  await step('the lobby opens', () => lobby.opens(a));
  await step('the lobby remembers a name', () => lobby.remembersName(a, 'Ada'));
  await step('the lobby asks for a code', () => lobby.wantsCode(a));
  const players = await step('two players meet through the live list', () => arena.meet(a, b));
  await step('a key in one window moves the ship in the other', () => arena.fly(a, b, players));
  await step('shots take health, and then the ship', () => arena.fight(a, b, players));
  await step('the numbers are those of a connection that works', () => arena.numbers(a));
  await step('a connection that is cut comes back with the same ship', () => comeback.cut(a, b));
  await step('a page that is loaded again has the same ship', () => comeback.reload(a, b));
  await step('a bad network makes the game late, and nothing else', () => comeback.badNetwork(a, b, players));
  const c = await step('a link and a thumb are enough on a phone', () => arena.phone(browser, url, players));
  await step('a thumb on the button leaves at once', () => arena.leave(a, c, 2));
  await c.context().close();
  await step('the button leads back to the lobby', () => arena.leave(a, b, 1));
  await a.getByRole('button', { name: 'Leave the room' }).click();
  await step('the list follows those who leave', () => lobby.countsDown(b, players.room));
  await explore(server, browser);
  await step('a private room is found by its code', () => tictactoe.inviteByCode(a, b));
  await step('tic-tac-toe is played to a win, wrong moves are refused', () => tictactoe.play(a, b));
  await step('a rematch begins with the other player', () => tictactoe.rematch(a, b));
  await b.getByRole('button', { name: 'Leave the room' }).click();
  await step('any game is played by its schema', () => debug.play(b, url));
  must(browser.problems.length === 0, `errors in the pages:\n${browser.problems.join('\n')}`);
  await step('a page that is loaded again too late takes a new seat', () => comeback.reloadTooLate(b, url));
  await step('a link to nothing ends in the lobby', () => lobby.brokenLink(b, url));
  browser.problems.splice(0, browser.problems.length, ...browser.problems.filter((text) => !/status of 40[14]/.test(text))); // the answers that were asked for
  await b.context().close();
  return a;
}

/** The large world, in windows of its own. */
async function explore({ url }, browser) {
  const { a, b, room, players } = await step('two of a band meet in the world', () => world.meet(browser, url, small));
  await step('keys walk and run', () => world.walk(a, b, players.a));
  const bag = await step('food is picked, and only its owner sees it', () => world.pick(a, b, players.a));
  await step('the map shows where walkers are', () => world.map(a, players.a));
  await step('what is dropped lies there', () => world.drop(a, b, bag));
  await step('berries make bigger', () => world.eat(a, players.a));
  await step('a walker sleeps while its connection is cut', () => world.cut(a, b, players.a));
  await step('a thumb walks on a phone', () => world.phone(browser, url, room));
  for (const page of [a, b]) {
    await page.getByRole('button', { name: 'Leave the room' }).click();
    await page.locator('.lobby').waitFor();
    await page.context().close();
  }
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
    await step('to join again while there is no server says so, and keeps the link', () => lobby.joinsNothing(last));
    browser.problems.splice(0, browser.problems.length, ...browser.problems.filter((text) => !/ERR_CONNECTION_REFUSED/.test(text))); // as there is no server
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
