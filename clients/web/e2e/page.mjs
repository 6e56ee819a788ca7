// What all games' pages have.
import { until } from './expect.mjs';

/** The room on the screen, and the player in it. */
export const inRoom = (page) => until('a room is on the screen', () => page.evaluate(() => window.tickwire.room && { id: window.tickwire.room.roomId, player: window.tickwire.room.player }));

/** What is written over a game and lies on something else of that kind. */
export function overlaps(page, selectors) {
  return page.evaluate((selectors) => {
    const all = selectors.flatMap((name) => [...document.querySelectorAll(name)].map((it) => ({ name, box: it.getBoundingClientRect() })));
    const cross = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return all.flatMap((one, i) => all.slice(i + 1).filter((other) => cross(one.box, other.box)).map((other) => `${one.name} on ${other.name}`)).join(', ');
  }, selectors);
}

/** Pulls the stick of a phone's page up or down until done says so. */
export async function pullStick(page, up, done) {
  const stick = await page.locator('.stick').boundingBox();
  const touch = await page.context().newCDPSession(page);
  const point = { x: stick.x + stick.width / 2, y: stick.y + (up ? 8 : stick.height - 8) };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await until('the stick moves what it steers', done);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** On screens of some sizes nothing lies on anything else. */
export async function fits(page, selectors, sizes) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    let seen;
    await until(`on ${width} by ${height} nothing lies on anything else`, async () => (seen = await overlaps(page, selectors)) === '', 5_000).catch((error) => {
      throw new Error(`${error.message}: ${seen}`);
    });
  }
}

/** A window of a phone. */
export const phoneWindow = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
