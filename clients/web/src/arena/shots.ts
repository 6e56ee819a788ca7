import type { Table } from '@tickwire/client';
import { hsl } from '../color.js';
import { toScreen, type Camera, type Point } from '../canvas/camera.js';
import { drawGlow } from '../canvas/glow.js';
import { radians, type Ship, type Shot } from './model.js';
import type { Particles } from '../canvas/particles.js';

interface Flight extends Point {
  fromX: number;
  fromY: number;
  hue: number | undefined; // until it is clear whose shot it is
}

const trail = 3.4; // units
const nobody = 44; // the hue of a shot whose ship cannot be told

/** The shots in flight. Who fired one is not replicated; the ship it comes from gives its colour. */
export class Shots {
  private readonly flights = new Map<number, Flight>();

  update(shots: Table<Shot>, ships: Table<Ship>, hue: (id: number) => number, particles: Particles): void {
    for (const [id, shot] of shots) {
      const flight = this.flights.get(id);
      if (!flight) {
        this.flights.set(id, { x: shot.x, y: shot.y, fromX: shot.x, fromY: shot.y, hue: undefined });
        continue;
      }
      flight.x = shot.x;
      flight.y = shot.y;
      if (flight.hue !== undefined || (shot.x === flight.fromX && shot.y === flight.fromY)) continue;
      const owner = shooter(ships, { x: flight.fromX, y: flight.fromY }, shot);
      flight.hue = owner === undefined ? nobody : hue(owner);
      const ship = owner === undefined ? undefined : ships.get(owner);
      if (ship) particles.burst(ship, 5, { hue: flight.hue, speed: 9, life: 0.2, size: 0.4, towards: radians(ship.angle), spread: 0.9 });
    }
    for (const [id, flight] of this.flights) {
      if (shots.has(id)) continue;
      const way = Math.atan2(flight.fromY - flight.y, flight.fromX - flight.x);
      particles.burst(flight, 5, { hue: flight.hue ?? nobody, speed: 7, life: 0.28, size: 0.3, towards: way, spread: 1.6 });
      this.flights.delete(id);
    }
  }

  draw(context: CanvasRenderingContext2D, camera: Camera): void {
    context.globalCompositeOperation = 'lighter';
    context.lineCap = 'round';
    for (const flight of this.flights.values()) {
      const hue = flight.hue ?? nobody;
      const head = toScreen(camera, flight);
      if (head.x < -120 || head.y < -120 || head.x > camera.width + 120 || head.y > camera.height + 120) continue;
      const way = Math.hypot(flight.fromX - flight.x, flight.fromY - flight.y);
      const part = way > 0 ? Math.min(1, trail / way) : 0;
      const tail = toScreen(camera, { x: flight.x + (flight.fromX - flight.x) * part, y: flight.y + (flight.fromY - flight.y) * part });
      const fade = context.createLinearGradient(tail.x, tail.y, head.x, head.y);
      fade.addColorStop(0, hsl(hue, 60, 0));
      fade.addColorStop(1, hsl(hue, 74, 0.95));
      context.globalAlpha = 1;
      context.strokeStyle = fade;
      context.lineWidth = Math.max(2, camera.zoom * 0.15);
      context.beginPath();
      context.moveTo(tail.x, tail.y);
      context.lineTo(head.x, head.y);
      context.stroke();
      drawGlow(context, hue, head.x, head.y, camera.zoom * 0.62, 1);
    }
  }
}

/**
 * The ship that a shot came from, by two points of its way: the one nearest to the line behind the first, as a shot may
 * be some way off its ship when it is first drawn.
 */
export function shooter(ships: Iterable<[number, Ship]>, first: Point, second: Point): number | undefined {
  const length = Math.hypot(second.x - first.x, second.y - first.y);
  const dx = (second.x - first.x) / length;
  const dy = (second.y - first.y) / length;
  let best: number | undefined;
  let least = 9; // units: a tenth of a second behind, and a ship that has gone on meanwhile
  for (const [id, ship] of ships) {
    const back = (first.x - ship.x) * dx + (first.y - ship.y) * dy;
    const aside = Math.abs((first.x - ship.x) * dy - (first.y - ship.y) * dx);
    if (ship.hp === 0 || back < -2 || aside > 1.6 || back + 3 * aside >= least) continue;
    least = back + 3 * aside;
    best = id;
  }
  return best;
}
