// What clients of the arena see. All fields are of the smallest type that holds the game's own precision: cells for
// places, which clients of Tickwire get too. choices.js measures this against other ways to write it.

import { schema, t } from "@colyseus/schema";

/** A ship; x and y in cells. */
export const ShipRow = schema(
  { x: t.int16(), y: t.int16(), angle: t.uint8(), hp: t.uint8(), shield: t.boolean() },
  "Ship",
);

/** Who flies it; `number` is what hits and kills name. */
export const PilotRow = schema(
  { name: t.string(), number: t.uint16(), score: t.uint16(), deaths: t.uint16(), away: t.boolean() },
  "Pilot",
);

/**
 * A shot flies straight, so clients are told where it begins and reckon the rest; only who joins later needs to know when
 * that was. Rows are used again, as new ones would need longer and longer numbers.
 */
export const ShotRow = schema(
  { x: t.int16(), y: t.int16(), angle: t.uint8(), live: t.boolean(), born: t.uint32().fullStateOnly() },
  "Shot",
);

export const ArenaState = schema(
  {
    width: t.uint16(),
    height: t.uint16(),
    maxHP: t.uint8(),
    tick: t.uint32().fullStateOnly(),
    ships: t.map(ShipRow),
    pilots: t.map(PilotRow),
    shots: t.array(ShotRow),
  },
  "Arena",
);
