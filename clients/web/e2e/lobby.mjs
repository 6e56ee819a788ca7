import { must, until } from './expect.mjs';

/** The lobby is live, says that it is empty, and fits a phone. */
export async function opens(page) {
  await page.locator('.status[data-state="live"]').waitFor();
  await page.locator('.rooms-panel[data-state="empty"]').waitFor();
  const size = page.viewportSize();
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `the lobby is wider than a phone of ${width} pixels`);
  }
  await page.setViewportSize(size);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a, input')].filter((it) => !(it.getAttribute('aria-label') || it.textContent.trim() || it.labels?.[0]?.textContent)).length);
  must(nameless === 0, `${nameless} controls have no name`);
}

/** An empty code is answered by the page. */
export async function wantsCode(page) {
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.locator('.toast', { hasText: 'Type the code first' }).waitFor();
}

/** A name that is typed is kept, without what does not belong into a name. */
export async function remembersName(page, name) {
  const input = page.getByLabel('Your name');
  await input.fill('');
  await input.pressSequentially(`${'🚀'.repeat(8)}!`);
  must((await input.inputValue()) === '🚀'.repeat(8), 'the field takes more than a name can have');
  await input.fill(`  ${name}\u202e `);
  await input.press('Enter');
  await until('the name is kept', () => page.evaluate((want) => localStorage.getItem('tickwire.name') === want, name));
}

/** A room disappears from the list of those who watch when everybody has left it, or at least counts nobody. */
export async function countsDown(page, room) {
  await until('the list follows', async () => {
    const row = page.locator(`.rooms [data-room="${room}"] .seats`);
    return (await row.count()) === 0 || ((await row.textContent()) ?? '').startsWith('0 ');
  });
}

/** A link to nothing ends in the lobby, with a sentence. */
export async function brokenLink(page, url) {
  await page.goto(`${url}/#/arena/NOSUCHROOM`);
  await page.locator('.toast', { hasText: 'This room is gone' }).waitFor();
  await page.locator('.lobby').waitFor();
}

/** With the server gone, the button to join again stays, and so does the address; the lobby says that it knows nothing. */
export async function joinsNothing(page) {
  const link = page.url();
  await page.getByRole('button', { name: 'Join again' }).click();
  await page.locator('.lost', { hasText: 'The connection to the server is lost' }).waitFor();
  must(page.url() === link && (await page.getByRole('button', { name: 'Join again' }).isEnabled()), 'the dialog gave up');
  await page.getByRole('button', { name: 'Back to the lobby' }).click();
  await page.locator('.status[data-state="lost"]').waitFor();
  await until('nothing can be played', () => page.locator('[data-game="arena"] [data-action="play"]').isDisabled());
}
