import { must, until } from './expect.mjs';

/** The lobby is live, says that it is empty, and fits a phone. */
export async function opens(page) {
  await page.locator('.status[data-state="live"]').waitFor();
  await page.locator('.rooms-panel[data-state="empty"]').waitFor();
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the lobby is wider than a phone');
  await page.setViewportSize(size);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a, input')].filter((it) => !(it.getAttribute('aria-label') || it.textContent.trim() || it.labels?.[0]?.textContent)).length);
  must(nameless === 0, `${nameless} controls have no name`);
}

/** A name that is typed is kept, without what does not belong into a name. */
export async function remembersName(page, name) {
  const input = page.getByLabel('Your name');
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
