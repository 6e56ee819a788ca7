// Players without a screen: several seats in one page, through the same client library that the pages use.

const names = [
  'Vega', 'Orion', 'Lyra', 'Rigel', 'Mira', 'Castor', 'Altair', 'Nashira', 'Talitha', 'Sirius', 'Electra', 'Deneb',
  'Polaris', 'Antares', 'Spica', 'Maia', 'Izar', 'Adhara', 'Pollux', 'Capella', 'Hadar', 'Alcor', 'Bellatrix',
];

/** Lets bots join a room from a page of the lobby; they play until it is closed. */
export function addBots(page, roomId, count) {
  return page.evaluate(runBots, { roomId, names: names.slice(0, count) });
}

/** Runs in the page. */
async function runBots({ roomId, names }) {
  const rooms = await Promise.all(names.map((name) => window.tickwire.client.join(roomId, { name })));
  const way = (from, to) => ((((to - from + 128) % 256) + 256) % 256) - 128;
  for (const room of rooms) {
    let ticks = 0;
    room.onState(() => {
      const own = room.state.ships.get(room.player);
      if (!own) return;
      let target;
      for (const [id, ship] of room.state.ships) {
        const distance = Math.hypot(ship.x - own.x, ship.y - own.y);
        if (id !== room.player && ship.hp > 0 && !(distance > target?.distance)) target = { ship, distance };
      }
      // Now and then they fly on instead of hunting, so that they do not all end in one heap.
      const roam = (ticks++ + 40 * room.player) % 260 < 90 || !target;
      const goal = roam ? { x: 34 * Math.cos(room.player * 2.4), y: 20 * Math.sin(room.player * 2.4) } : target.ship;
      const turn = way(own.angle, (Math.atan2(goal.y - own.y, goal.x - own.x) / Math.PI) * 128);
      room.send({
        thrust: roam || target.distance > 15 ? 1 : 0,
        turn: Math.abs(turn) < 5 ? 0 : Math.sign(turn),
        fire: target !== undefined && target.distance < 30 && Math.abs(turn) < 7,
      });
    });
  }
}
