import type { Table } from '@tickwire/client';
import { hsl } from '../color.js';
import { edgePoint, toScreen, type Camera, type Point } from './camera.js';
import type { Ship } from './model.js';

/** A small map of the whole arena, drawn into its own canvas so that the page can place it. */
export class Radar {
  readonly canvas = document.createElement('canvas');
  private last = -1;

  constructor() {
    this.canvas.className = 'radar';
    this.canvas.setAttribute('aria-hidden', 'true');
  }

  draw(now: number, camera: Camera, world: { width: number; height: number }, ships: Table<Ship>, own: number, hue: (id: number) => number): void {
    if (now - this.last < 0.06) return; // 15 times a second is enough for dots
    this.last = now;
    const scale = Math.min(devicePixelRatio || 1, 2);
    const width = Math.round(this.canvas.clientWidth * scale);
    const height = Math.round(this.canvas.clientHeight * scale);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext('2d');
    if (!context || width === 0) return;
    const px = width / world.width;
    const py = height / world.height;
    context.clearRect(0, 0, width, height);
    context.strokeStyle = 'rgb(180 205 255 / .28)';
    context.lineWidth = scale;
    const seenX = camera.width / camera.zoom;
    const seenY = camera.height / camera.zoom;
    context.strokeRect((camera.x - seenX / 2 + world.width / 2) * px, (camera.y - seenY / 2 + world.height / 2) * py, seenX * px, seenY * py);
    for (const [id, ship] of ships) {
      if (ship.hp === 0) continue;
      context.fillStyle = hsl(hue(id), id === own ? 80 : 64);
      context.beginPath();
      context.arc((ship.x + world.width / 2) * px, (ship.y + world.height / 2) * py, (id === own ? 3.4 : 2.3) * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** Arrows at the edge towards the nearest ships that are off the screen. */
export function drawArrows(context: CanvasRenderingContext2D, camera: Camera, ships: Table<Ship>, own: number, hue: (id: number) => number, inset: Point): void {
  const away: { id: number; distance: number; x: number; y: number; angle: number }[] = [];
  for (const [id, ship] of ships) {
    if (id === own || ship.hp === 0) continue;
    const edge = edgePoint(camera, toScreen(camera, ship), inset);
    if (edge) away.push({ id, distance: Math.hypot(ship.x - camera.x, ship.y - camera.y), ...edge });
  }
  away.sort((a, b) => a.distance - b.distance);
  for (const arrow of away.slice(0, 5)) {
    context.save();
    context.globalAlpha = Math.max(0.3, 1 - arrow.distance / 80);
    context.translate(arrow.x, arrow.y);
    context.rotate(arrow.angle);
    context.beginPath();
    context.moveTo(9, 0);
    context.lineTo(-5, 7);
    context.lineTo(-2, 0);
    context.lineTo(-5, -7);
    context.closePath();
    context.fillStyle = hsl(hue(arrow.id), 66);
    context.fill();
    context.restore();
  }
}
