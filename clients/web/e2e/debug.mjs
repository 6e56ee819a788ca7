import { until } from './expect.mjs';

/** Any game can be played by its schema: tables, keys and commands. */
export async function play(page, url) {
  await page.goto(`${url}/#/debug/arena`);
  const ship = page.locator('.debug .panel', { hasText: 'ships' }).locator('tbody tr').last(); // the newest; another may be leaving
  await ship.waitFor();
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
