// What clients of the world see: of the fields with `.view()` only the rows that their own view has. Places of walkers are
// in cells, of what does not move in eighths of a unit.

import { schema, t } from "@colyseus/schema";

export const WalkerRow = schema(
  {
    x: t.int16(),
    y: t.int16(),
    angle: t.uint8(),
    size: t.uint8(),
    run: t.boolean(),
    name: t.string(),
    band: t.uint16(),
    away: t.boolean(),
  },
  "Walker",
);

export const FoodRow = schema({ x: t.int16(), y: t.int16(), kind: t.uint8() }, "Food");

export const RockRow = schema({ x: t.int16(), y: t.int16(), radius: t.uint8() }, "Rock");

export const BagRow = schema(
  { berries: t.uint8(), shells: t.uint8(), stones: t.uint8(), swift: t.uint8(), hard: t.uint8() },
  "Bag",
);

export const MateRow = schema({ name: t.string(), x: t.int16(), y: t.int16() }, "Mate");

export const WorldState = schema(
  {
    size: t.uint16(),
    minSize: t.uint8(),
    maxSize: t.uint8(),
    sight: t.uint8(),
    map: t.array("uint8"),
    walkers: t.map(WalkerRow).view(),
    food: t.map(FoodRow).view(),
    rocks: t.map(RockRow).view(),
    bags: t.map(BagRow).view(),
    mates: t.map(MateRow).view(),
  },
  "World",
);
