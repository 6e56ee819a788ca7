import { must, until } from './expect.mjs';
import { fits, inRoom, phoneWindow, pullStick } from './page.mjs';
import { Keys, hunt, shipIn } from './pilot.mjs';

const moved = (from, to) => Math.hypot(to.x - from.x, to.y - from.y);

/** Two players meet through the lobby's live list. Leaves both in the room. */
export async function meet(a, b) {
  await a.click('[data-game="arena"] [data-action="play"]');
  const first = await inRoom(a);
  const row = b.locator(`.rooms [data-room="${first.id}"]`);
  await until('the other lobby lists the new room', async () => (await row.locator('.seats').textContent({ timeout: 1000 }).catch(() => '')) === '1 / 64');
  await row.getByRole('button').click();
  const second = await inRoom(b);
  must(second.id === first.id, 'the button in the list leads to another room');
  for (const page of [a, b]) await until('both see two pilots', () => page.evaluate(() => window.tickwire.room.state.pilots.size === 2));
  return { room: first.id, a: first.player, b: second.player };
}

/** A key in one window moves the ship in the other. */
export async function fly(a, b, players) {
  const before = await until('the ship is there', () => shipIn(b, players.a));
  const keys = new Keys(a);
  await keys.hold('KeyW');
  await until('W moves the ship in the other window', async () => moved(before, await shipIn(b, players.a)) > 1);
  await keys.hold('KeyD');
  await until('D turns it', async () => (await shipIn(b, players.a)).angle !== before.angle);
  await keys.hold();
  await until('without keys both copies come to rest in the same place', async () => {
    const [one, other] = [await shipIn(a, players.a), await shipIn(b, players.a)];
    return moved(one, other) === 0 && one.angle === other.angle;
  });
}

/** Shots take health in both windows, and in the end the ship; then it comes back. */
export async function fight(a, b, players) {
  const whole = await a.evaluate(() => window.tickwire.room.state.rules.maxHP);
  await hunt(a, players.a, players.b, async () => (await shipIn(a, players.b)).hp < whole, 60_000);
  await until('the other window sees the same loss', async () => (await shipIn(b, players.b)).hp < whole);
  await until('its bar shows it', async () => Number(await b.locator('.health').getAttribute('aria-valuenow')) < whole);
  await hunt(a, players.a, players.b, () => a.evaluate((id) => (window.tickwire.room.state.pilots.get(id)?.score ?? 0) > 0, players.a), 60_000);
  await until('the loser is told by whom', async () => /by Ada/.test((await b.locator('.down').textContent()) ?? ''));
  for (const page of [a, b]) await page.locator('.feed li').first().waitFor();
  await until('the score stands in the table', async () => (await a.locator('.scores [data-own] b').textContent()) === '1');
  await until('the ship comes back', async () => (await shipIn(b, players.b)).hp === whole);
  await b.locator('.down').waitFor({ state: 'hidden' });
}

/** The numbers on the page are those of a connection that works. */
export async function numbers(page) {
  await until('a round trip was measured', async () => /^\d/.test((await page.locator('.net summary b').textContent()) ?? ''));
  await until('frames come at the rate of the game', () => page.evaluate(() => window.tickwire.room.stats.framesPerSecond > 10), 30_000);
  must(await page.evaluate(() => window.tickwire.room.stats.desyncs === 0), 'a copy of the state was wrong');
}

/** A link to the room is enough to join; on a phone, a thumb on the stick flies. */
export async function phone(browser, url, players) {
  const page = await browser.player(`${url}/#/arena/${players.room}`, 'Cyd', phoneWindow);
  const { id, player } = await inRoom(page);
  must(id === players.room, 'the link leads to another room');
  const before = await until('the ship is there', () => shipIn(page, player));
  await pullStick(page, before.y > 0, async () => moved(before, await shipIn(page, player)) > 1); // away from the nearer wall
  await fits(page, ['.bar button', '.net', '.radar', '.scores', '.vitals', '.stick', '.trigger'], [[844, 390], [390, 844], [1024, 768]]);
  return page;
}

/** Leaving by the button ends in the lobby, and the others see it: so many pilots are left. */
export async function leave(a, b, left) {
  await b.getByRole('button', { name: 'Leave the room' }).click();
  await b.locator('.lobby').waitFor();
  await until('the other sees the pilot gone', () => a.evaluate((size) => window.tickwire.room.state.pilots.size === size, left));
}
