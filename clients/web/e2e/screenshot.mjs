// The picture in the README: a real arena in full swing.
import { fileURLToPath } from 'node:url';
import { addBots } from './bots.mjs';
import { must, until } from './expect.mjs';
import { hunt } from './pilot.mjs';

const path = fileURLToPath(new URL('../arena.png', import.meta.url));

const crowdSize = 23;

/** Plays among bots for a while and keeps the liveliest moment. */
export async function screenshot(server, browser) {
  const a = await browser.player(server.url, 'Ada', { deviceScaleFactor: 1.25 });
  const crowd = await browser.player(server.url, 'Crowd', { viewport: { width: 400, height: 300 } });
  await a.click('[data-game="arena"] [data-action="play"]');
  const { id, player } = await until('a room', () => a.evaluate(() => window.tickwire.room && { id: window.tickwire.room.roomId, player: window.tickwire.room.player }));
  await addBots(crowd, id, crowdSize);
  await until('a crowd', () => a.evaluate((size) => window.tickwire.room.state.pilots.size > size, crowdSize));
  let best = 0;
  const end = Date.now() + 40_000;
  const over = () => Date.now() > end;
  const playing = (async () => {
    while (!over()) {
      const target = await a.evaluate(nearest, player);
      const until = Date.now() + 4000;
      if (target) await hunt(a, player, target, async () => over() || Date.now() > until || !(await a.evaluate(alive, [player, target])), 20_000);
    }
  })();
  while (!over()) {
    const lively = await a.evaluate(howLively, player);
    if (lively <= best) continue;
    best = lively;
    await a.screenshot({ path });
  }
  await playing;
  must(best > 0, 'no picture was worth taking');
  await a.context().close();
  await crowd.context().close();
}

/** Runs in the page: whether both still fly. */
function alive([player, target]) {
  const { ships } = window.tickwire.room.state;
  return [player, target].every((id) => (ships.get(id)?.hp ?? 0) > 0);
}

/** Runs in the page: the nearest ship that can be hunted. */
function nearest(player) {
  const { ships } = window.tickwire.room.state;
  const own = ships.get(player);
  const all = [...ships].filter(([id, ship]) => id !== player && ship.hp > 0).map(([id, ship]) => ({ id, distance: Math.hypot(ship.x - own.x, ship.y - own.y) }));
  return own.hp > 0 ? all.sort((one, other) => one.distance - other.distance)[0]?.id : undefined;
}

/** Runs in the page: how much there is to see around the own ship. */
function howLively(player) {
  const { ships, shots, pilots } = window.tickwire.room.state;
  const own = ships.get(player);
  if (own.hp === 0) return 0;
  const near = (it) => Math.abs(it.x - own.x) < 16 && Math.abs(it.y - own.y) < 9;
  const fights = [...ships.values()].filter((ship) => near(ship) && ship.hp > 0 && ship.hp < 5).length;
  const scores = [...pilots.values()].reduce((sum, pilot) => sum + pilot.score, 0);
  const feed = document.querySelectorAll('.feed li').length;
  return 3 * [...ships.values()].filter(near).length + 2 * fights + 7 * [...shots.values()].filter(near).length + Math.min(12, scores) + 3 * Math.min(3, feed);
}
