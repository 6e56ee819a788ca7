import type { Table } from '@tickwire/client';

export interface Walker {
  x: number;
  y: number;
  /** Where it looks, in 1/256 of a turn; 0 is to the right, 64 down. */
  angle: number;
  size: number;
  run: boolean;
}

export interface Name {
  name: string;
  band: number;
  /** Has lost the connection and may come back. */
  away: boolean;
}

export interface Food {
  x: number;
  y: number;
  kind: number;
}

export interface Rock {
  x: number;
  y: number;
  radius: number;
}

/** What is in the own bag, and for how many seconds more what was eaten lasts. */
export interface Bag {
  berries: number;
  shells: number;
  stones: number;
  swift: number;
  hard: number;
}

/** Where a member of the band is, roughly. */
export interface Mate {
  x: number;
  y: number;
}

export interface Rules {
  size: number;
  minSize: number;
  maxSize: number;
  sight: number;
}

/** What the game replicates of what the player may see. Walkers, names, bags and mates stand under the player's ID. */
export interface WorldState {
  walkers: Table<Walker>;
  names: Table<Name>;
  food: Table<Food>;
  rocks: Table<Rock>;
  bags: Table<Bag>;
  mates: Table<Mate>;
  map: Table<{ crowd: readonly number[] }>;
  rules: Rules;
}

export interface PickedEvent {
  kind: number;
  x: number;
  y: number;
}

export interface BumpEvent {
  by: number;
  target: number;
  berries: number;
  shells: number;
  stones: number;
}

/** What a player does; the room sends it every tick until it changes. */
export interface Walk {
  dx: -1 | 0 | 1;
  dy: -1 | 0 | 1;
  run: boolean;
}

/** What lies around, and what eating it does. */
export interface Kind {
  name: string;
  many: string;
  effect: string;
  hue: number;
  count(bag: Bag): number;
  /** For how many seconds more it lasts. */
  left(bag: Bag): number;
}

export const kinds: readonly Kind[] = [
  { name: 'berry', many: 'berries', effect: 'Grow', hue: 350, count: (bag) => bag.berries, left: () => 0 },
  { name: 'shell', many: 'shells', effect: 'Dash', hue: 32, count: (bag) => bag.shells, left: (bag) => bag.swift },
  { name: 'stone', many: 'stones', effect: 'Guard', hue: 200, count: (bag) => bag.stones, left: (bag) => bag.hard },
];

/** The map of the crowds has so many cells in a row, each 0 to mostCrowd. */
export const mapCells = 16;
export const mostCrowd = 15;

/** How wide a walker is, in units, as the game reckons it. */
export function radiusOf(size: number): number {
  return (320 + 40 * size) / 1024;
}

const muchBigger = 2; // times


/** Whether a walker of one size can take from one of another. */
export function canTake(by: number, target: number): boolean {
  return target <= Math.floor(by / muchBigger);
}

/** What somebody took, in words: "3 berries and 1 shell". */
export function loot(event: Pick<BumpEvent, 'berries' | 'shells' | 'stones'>): string {
  const bag: Bag = { ...event, swift: 0, hard: 0 };
  const parts = kinds.filter((kind) => kind.count(bag) > 0).map((kind) => `${kind.count(bag)} ${kind.count(bag) === 1 ? kind.name : kind.many}`);
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? 'nothing');
}

/** The one of eight directions that is nearest to a way. */
export function heading(x: number, y: number): Pick<Walk, 'dx' | 'dy'> {
  const [wide, high] = [Math.abs(x), Math.abs(y)];
  const part = Math.tan(Math.PI / 8);
  return { dx: wide > part * high ? (Math.sign(x) as Walk['dx']) : 0, dy: high > part * wide ? (Math.sign(y) as Walk['dy']) : 0 };
}
