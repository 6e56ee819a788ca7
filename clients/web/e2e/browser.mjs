// Chromium with pages that report every error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts Chromium; CHROMIUM names another one than the system's. */
export async function startBrowser() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('no Chromium found: install it, or name it in the environment variable CHROMIUM');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // All pages play at once; none of them may be put to sleep for being behind another.
      '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
    ],
  });
  const problems = [];
  return {
    problems,
    /** Saves what all windows show, to see why a test failed. */
    async photograph(folder) {
      for (const [i, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
        await page.screenshot({ path: join(folder, `failed-${i}.png`) });
      }
    },
    close: () => browser.close(),
    /** Opens a window of its own storage: another player. */
    async player(url, name, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
      await context.addInitScript((kept) => localStorage.getItem('tickwire.name') ?? localStorage.setItem('tickwire.name', kept), name);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => problems.push(`${name}: ${error.stack ?? error}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(`${name}: console ${message.type()}: ${message.text()}`);
      });
      page.on('requestfailed', (request) => {
        const why = request.failure()?.errorText;
        if (why !== 'net::ERR_ABORTED') problems.push(`${name}: ${request.url()}: ${why}`); // a window may close before an answer
      });
      await page.goto(url);
      return page;
    },
  };
}
