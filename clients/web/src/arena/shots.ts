import type { Table } from '@tickwire/client';
import { hsl } from '../color.js';
import { toScreen, type Camera, type Point } from './camera.js';
import { drawGlow } from './glow.js';
import type { Ship, Shot } from './model.js';
import type { Particles } from './particles.js';

interface Flight extends Point {
  fromX: number;
  fromY: number;
  hue: number;
}

const trail = 3.4; // units
const nozzle = 2.5; // a new shot belongs to the nearest ship within so many units

/** The shots in flight. Who fired one is not replicated; the nearest ship at its start gives its colour. */
export class Shots {
  private readonly flights = new Map<number, Flight>();

  update(shots: Table<Shot>, ships: Table<Ship>, hue: (id: number) => number, particles: Particles): void {
    for (const [id, shot] of shots) {
      const flight = this.flights.get(id);
      if (flight) {
        flight.x = shot.x;
        flight.y = shot.y;
        continue;
      }
      const owner = nearest(ships, shot);
      const color = owner === undefined ? 44 : hue(owner);
      this.flights.set(id, { x: shot.x, y: shot.y, fromX: shot.x, fromY: shot.y, hue: color });
      if (owner !== undefined) particles.burst(shot, 5, { hue: color, speed: 5, life: 0.18, size: 0.42 });
    }
    for (const [id, flight] of this.flights) {
      if (shots.has(id)) continue;
      const way = Math.atan2(flight.fromY - flight.y, flight.fromX - flight.x);
      particles.burst(flight, 5, { hue: flight.hue, speed: 7, life: 0.28, size: 0.3, towards: way, spread: 1.6 });
      this.flights.delete(id);
    }
  }

  draw(context: CanvasRenderingContext2D, camera: Camera): void {
    context.globalCompositeOperation = 'lighter';
    context.lineCap = 'round';
    for (const flight of this.flights.values()) {
      const head = toScreen(camera, flight);
      if (head.x < -120 || head.y < -120 || head.x > camera.width + 120 || head.y > camera.height + 120) continue;
      const way = Math.hypot(flight.fromX - flight.x, flight.fromY - flight.y);
      const part = way > 0 ? Math.min(1, trail / way) : 0;
      const tail = toScreen(camera, { x: flight.x + (flight.fromX - flight.x) * part, y: flight.y + (flight.fromY - flight.y) * part });
      const fade = context.createLinearGradient(tail.x, tail.y, head.x, head.y);
      fade.addColorStop(0, hsl(flight.hue, 60, 0));
      fade.addColorStop(1, hsl(flight.hue, 74, 0.95));
      context.globalAlpha = 1;
      context.strokeStyle = fade;
      context.lineWidth = Math.max(2, camera.zoom * 0.15);
      context.beginPath();
      context.moveTo(tail.x, tail.y);
      context.lineTo(head.x, head.y);
      context.stroke();
      drawGlow(context, flight.hue, head.x, head.y, camera.zoom * 0.62, 1);
    }
  }
}

function nearest(ships: Table<Ship>, at: Point): number | undefined {
  let best: number | undefined;
  let least = nozzle;
  for (const [id, ship] of ships) {
    const distance = Math.hypot(ship.x - at.x, ship.y - at.y);
    if (ship.hp === 0 || distance >= least) continue;
    least = distance;
    best = id;
  }
  return best;
}
