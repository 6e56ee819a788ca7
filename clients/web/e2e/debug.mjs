import { must, until } from './expect.mjs';

/** Any game can be played by its schema: tables, keys and commands. */
export async function play(page, url) {
  await page.locator('.lobby').waitFor();
  let seats = 0; // the lobby takes one of its own, of the live list
  page.on('request', (request) => (seats += request.url().endsWith('/JoinOrCreate') && request.postDataBuffer().includes('arena') ? 1 : 0));
  await page.evaluate(() => {
    location.hash = '#/nowhere';
    location.hash = '#/debug/arena'; // before anybody was told of the first
  });
  const ship = page.locator('.debug .panel', { hasText: 'ships' }).locator('tbody tr');
  await ship.waitFor();
  must(seats === 1, `${seats} seats were taken`);
  const before = await ship.textContent();
  await page.keyboard.down('ArrowUp');
  await until('a key flies the ship, and the table shows it', async () => (await ship.textContent()) !== before);
  await page.keyboard.up('ArrowUp');
  await page.goto(`${url}/#/debug/tictactoe`);
  await page.locator('.debug form', { hasText: 'place' }).getByRole('button', { name: 'Send' }).click();
  await page.locator('.debug .log .bad', { hasText: 'wait for another player' }).waitFor();
  await page.getByRole('button', { name: 'Leave the room' }).click();
  await page.locator('.lobby').waitFor();
}
