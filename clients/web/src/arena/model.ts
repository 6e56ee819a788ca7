import type { Table } from '@tickwire/client';

/** A ship. HP 0 is a wreck that comes back after a while. Lengths in units, angles in 1/256 of a turn, 64 is down. */
export interface Ship {
  x: number;
  y: number;
  angle: number;
  hp: number;
  shield: boolean;
}

export interface Shot {
  x: number;
  y: number;
}

export interface Pilot {
  name: string;
  score: number;
  deaths: number;
  /** Has lost the connection and may come back. Absent where the game does not say. */
  away?: boolean;
}

/** What the game replicates; ships and pilots stand under the player's ID. */
export interface ArenaState {
  ships: Table<Ship>;
  shots: Table<Shot>;
  pilots: Table<Pilot>;
  rules: { width: number; height: number; maxHP: number };
}

export interface HitEvent {
  target: number;
  by: number;
}

export interface KillEvent {
  killer: number;
  victim: number;
}

/** What a player does; the room sends it every tick until it changes. */
export interface Steer {
  thrust: -1 | 0 | 1;
  turn: -1 | 0 | 1;
  fire: boolean;
}

/** The game's numbers that are not part of its state and that only drawing and steering need. */
export const shipRadius = 0.81;
export const turnPerTick = 4; // of 256
export const thrustPower = 12.3; // units per second²
export const dragPerSecond = 0.94;
export const respawnSeconds = 2;

/** A game angle in radians. */
export function radians(angle: number): number {
  return (angle / 128) * Math.PI;
}
