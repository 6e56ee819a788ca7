import { must, until } from './expect.mjs';
import { fits, inRoom, phoneWindow, pullStick } from './page.mjs';
import { Keys } from './pilot.mjs';

const walkerIn = (page, player) =>
  page.evaluate((id) => {
    const walker = window.tickwire.room?.state.walkers.get(id);
    return walker && { x: walker.x, y: walker.y, size: walker.size, run: walker.run };
  }, player);
const bagOf = (page) =>
  page.evaluate(() => {
    const { state, player } = window.tickwire.room;
    const bag = state.bags.get(player);
    return bag && [bag.berries, bag.shells, bag.stones];
  });
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** Waits until a walker stands still, and says where. */
function rest(page, player) {
  return until('the walker stands still', async () => {
    const before = await walkerIn(page, player);
    await page.waitForTimeout(300);
    const now = await walkerIn(page, player);
    return before.x === now.x && before.y === now.y && now;
  });
}

/** Two of one band meet in a world: the second, who comes by the link, begins near the first. */
export async function meet(browser, url, viewport) {
  const a = await browser.player(url, '[owls] Ada', { viewport });
  await a.click('[data-game="world"] [data-action="play"]');
  const first = await inRoom(a);
  const b = await browser.player(`${url}/#/world/${first.id}`, '[owls] Bob', { viewport });
  const second = await inRoom(b);
  must(second.id === first.id, 'the link leads to another room');
  for (const page of [a, b]) await until('each sees both walkers, and their names', () => page.evaluate(() => window.tickwire.room.state.walkers.size === 2 && window.tickwire.room.state.names.size === 2));
  await a.locator('.band li', { hasText: '[owls] Bob' }).waitFor();
  return { a, b, room: first.id, players: { a: first.player, b: second.player } };
}

/** Keys in one window move the walker in the other; both copies agree when it stands. */
export async function walk(a, b, player) {
  const before = await until('the walker is there', () => walkerIn(b, player));
  const keys = new Keys(a);
  const [right, down] = [before.x < 0, before.y < 0]; // away from the nearer edges
  await keys.hold(right ? 'KeyD' : 'KeyA');
  await until('it walks in the other window', async () => Math.abs((await walkerIn(b, player)).x - before.x) > 1);
  await keys.hold(down ? 'ArrowDown' : 'ArrowUp', 'ShiftLeft');
  await until('it runs', async () => (await walkerIn(b, player)).run);
  await keys.hold();
  await until('without keys both copies stand in the same place', async () => {
    const [one, other] = [await walkerIn(a, player), await walkerIn(b, player)];
    return one.x === other.x && one.y === other.y && !other.run;
  });
}

/** Whoever walks over food has it in the bag, and nobody else hears of that. */
export async function pick(a, b, player) {
  const keys = new Keys(a);
  const before = sum(await bagOf(a)); // it may have walked over some already
  await until(
    'walking to food picks it',
    async () => {
      await keys.hold(...(await a.evaluate(wayToFood, [player])));
      return sum(await bagOf(a)) > before;
    },
    60_000,
  );
  await keys.hold();
  await rest(a, player);
  const bag = await bagOf(a);
  await until('the page shows it', async () => (await shown(a)).join() === bag.join());
  must(await b.evaluate((id) => !window.tickwire.room.state.bags.has(id) && window.tickwire.room.state.bags.size === 1, player), 'the bag is to be seen by others');
  return bag;
}

/** The numbers on the buttons. */
const shown = async (page) => (await page.locator('.bag .eat b').allTextContents()).map(Number);

/** Runs in the page: the keys towards the nearest food, of one kind or of any. */
function wayToFood([player, kind]) {
  const { walkers, food } = window.tickwire.room.state;
  const own = walkers.get(player);
  const near = [...food.values()].filter((piece) => kind === undefined || piece.kind === kind).sort((one, other) => Math.hypot(one.x - own.x, one.y - own.y) - Math.hypot(other.x - own.x, other.y - own.y))[0];
  const [x, y] = near ? [near.x - own.x, near.y - own.y] : [-own.x, -own.y];
  return [Math.abs(x) > 0.3 && (x > 0 ? 'KeyD' : 'KeyA'), Math.abs(y) > 0.3 && (y > 0 ? 'KeyS' : 'KeyW')].filter(Boolean);
}

/** The map shows where walkers are, and the band. */
export async function map(page, player) {
  const has = await until('the map has the cell of the own walker', () =>
    page.evaluate((id) => {
      const { walkers, map, rules } = window.tickwire.room.state;
      const own = walkers.get(id);
      const cell = (at) => Math.floor((at / rules.size + 0.5) * 16);
      const rows = [...map.values()];
      return rows.length === 16 && rows[cell(own.y)].crowd[cell(own.x)] > 0 && rows.flatMap(({ crowd }) => [...crowd]).filter((count) => count > 0).length;
    }, player),
  );
  await until('its description says as much', async () => (await page.locator('.world-map').getAttribute('aria-label'))?.startsWith(`Map: walkers in ${has} of 256`));
}

/** What is dropped is gone from the bag and lies there, in both windows. */
export async function drop(a, b, bag) {
  const kind = bag.findIndex((count) => count > 0);
  const lying = (page) => page.evaluate(() => [...window.tickwire.room.state.food.ids()].at(-1));
  const newest = await lying(a);
  await a.locator('.bag .slot').nth(kind).locator('.drop').click();
  await until('it is gone from the bag', async () => (await shown(a))[kind] === bag[kind] - 1);
  const id = await until('it lies there', async () => ((await lying(a)) > newest ? lying(a) : undefined));
  await until('it lies there in the other window', () => b.evaluate((it) => window.tickwire.room.state.food.has(it), id));
}

/** A key eats a berry: the walker grows. With an empty bag nothing happens, nor with one that is about to be. */
export async function eat(a, player) {
  const keys = new Keys(a);
  await until(
    'a berry makes bigger',
    async () => {
      const [berries] = await bagOf(a);
      await keys.hold(...(berries > 0 ? [] : await a.evaluate(wayToFood, [player, 0])));
      for (let times = 0; times < 3; times++) await a.keyboard.press('Digit1');
      return (await walkerIn(a, player)).size > 5;
    },
    90_000,
  );
  await keys.hold();
  await until('the meter shows it', async () => Number(await a.locator('.growth').getAttribute('aria-valuenow')) === (await walkerIn(a, player)).size);
  must((await a.locator('.toast').count()) === 0, 'the page complains');
}

/** A connection that is lost lets the walker sleep, and gives it back. */
export async function cut(a, b, player) {
  const isAway = () => b.evaluate((id) => window.tickwire.room.state.names.get(id)?.away === true, player);
  await a.keyboard.down((await rest(b, player)).x < 0 ? 'KeyD' : 'KeyA');
  await a.locator('.net .faults select').selectOption('cut');
  await a.locator('.away', { hasText: 'Connection lost, coming back' }).waitFor();
  await until('the others see that the player is away', isAway);
  await a.keyboard.up('KeyD');
  await a.keyboard.up('KeyA');
  const before = await rest(b, player);
  must(await isAway(), 'the player was not away for long enough');
  await b.locator(`.band [data-player="${player}"][data-away]`).waitFor();
  await a.locator('.away').waitFor({ state: 'hidden', timeout: 30_000 });
  await until('the others see that the player is back', async () => !(await isAway()));
  const after = await walkerIn(b, player);
  must(before.x === after.x && before.y === after.y, 'the walker moved while its player was away');
  must(await a.evaluate(() => window.tickwire.room.stats.desyncs === 0), 'a copy of the state was wrong');
}

/** On a phone a thumb walks, and nothing lies on anything else. */
export async function phone(browser, url, room) {
  const page = await browser.player(`${url}/#/world/${room}`, '[owls] Cyd', phoneWindow);
  const { player } = await inRoom(page);
  const before = await until('the walker is there', () => walkerIn(page, player));
  await pullStick(page, before.y > 0, async () => Math.abs((await walkerIn(page, player)).y - before.y) > 1); // away from the nearer edge
  await fits(page, ['.bar button', '.net', '.radar', '.scores', '.carry', '.stick', '.trigger'], [[844, 390], [390, 844], [360, 740], [1024, 768]]);
  await page.context().close();
}
