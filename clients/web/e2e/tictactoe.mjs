import { must, until } from './expect.mjs';

const cells = (page) => page.evaluate(() => window.tickwire.room?.state.board.cells.join('') ?? '');
const refused = (page, text) => page.locator('.toast.warn', { hasText: text }).first().waitFor();

/** A private room: made in a dialog, found by its code and by nothing else. */
export async function inviteByCode(a, b) {
  await a.click('[data-game="tictactoe"] [data-action="create"]');
  await a.locator('dialog .choice', { hasText: 'Private' }).click();
  await a.getByRole('button', { name: 'Create room' }).click();
  const code = await until('the code is shown', () => a.locator('.bar .code code').textContent({ timeout: 1000 }).catch(() => ''));
  must((await b.locator('.rooms [data-game="tictactoe"]').count()) === 0, 'a private room is in the list');
  await b.getByLabel('Have a code?').fill(code.toLowerCase());
  await b.getByRole('button', { name: 'Join', exact: true }).click();
  for (const page of [a, b]) await until('both sit at the board', () => page.evaluate(() => window.tickwire.room?.state.players?.size === 2));
  await a.locator('.headline', { hasText: 'Your turn' }).waitFor();
}

/** A whole game by clicks, with moves that the server refuses on the way. */
export async function play(a, b) {
  await b.click('[data-cell="4"]');
  await refused(b, 'not your turn');
  must((await cells(a)) === '000000000', 'a refused move is on the board');
  const place = () => Promise.all([a, b].map((page) => page.locator('.board').boundingBox()));
  const before = await place();
  const moves = [[a, 0], [b, 3], [a, 1], [b, 4], [a, 2]];
  for (const [index, [page, cell]] of moves.entries()) {
    await page.click(`[data-cell="${cell}"]`);
    const mark = index % 2 === 0 ? 'X' : 'O';
    for (const other of [a, b]) await other.locator(`[data-cell="${cell}"][data-mark="${mark}"]`).waitFor();
    if (index === 0) {
      await b.click('[data-cell="0"]');
      await refused(b, 'taken');
    }
  }
  await a.locator('.headline', { hasText: 'You have won!' }).waitFor();
  await b.locator('.headline', { hasText: 'has won' }).waitFor();
  for (const page of [a, b]) await page.getByRole('button', { name: 'Play again' }).waitFor();
  must(JSON.stringify(await place()) === JSON.stringify(before), 'the board moves when the game ends');
  for (const page of [a, b]) must((await page.locator('.cell[data-win]').count()) === 3, 'the line of three is not shown');
  await b.click('[data-cell="8"]');
  await refused(b, 'the game is over'.slice(4));
}

/** Both want another game: it begins with the other player. */
export async function rematch(a, b) {
  await b.getByRole('button', { name: 'Play again' }).click();
  await a.getByRole('button', { name: 'play again' }).click();
  await b.locator('.headline', { hasText: 'Your turn' }).waitFor();
  for (const page of [a, b]) await until('the board is empty', async () => (await cells(page)) === '000000000');
}
