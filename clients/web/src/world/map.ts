import type { Table } from '@tickwire/client';
import type { Camera } from '../canvas/camera.js';
import { fit, surface } from '../canvas/paint.js';
import { hsl } from '../color.js';
import { mapCells, mostCrowd, type Mate } from './model.js';

/** What the map shows. */
export interface Sights {
  size: number; // of the world
  crowds: Table<{ crowd: readonly number[] }>;
  mates: Table<Mate>;
  own: number;
  hue(id: number): number;
}

/** A map of the whole world: where the crowds are, the own place, and the band. */
export class WorldMap {
  readonly canvas = document.createElement('canvas');
  private readonly heat = surface(mapCells, mapCells, () => undefined);
  private last = -1;
  private shown = '';

  constructor() {
    this.canvas.className = 'radar world-map';
    this.canvas.setAttribute('role', 'img');
  }

  draw(now: number, camera: Camera, sights: Sights): void {
    if (now - this.last < 0.06) return; // 15 times a second is enough for dots
    this.last = now;
    const map = fit(this.canvas);
    if (!map) return;
    const { context, width, height, scale } = map;
    const crowded = this.paintHeat(sights.crowds);
    if (crowded !== undefined) this.canvas.setAttribute('aria-label', `Map: walkers in ${crowded} of ${mapCells * mapCells} parts of the world`);
    const place = (at: { x: number; y: number }) => [(at.x / sights.size + 0.5) * width, (at.y / sights.size + 0.5) * height] as const;
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.heat, 0, 0, width, height);
    context.strokeStyle = 'rgb(200 230 220 / .07)';
    context.lineWidth = 1;
    for (let i = 1; i < 4; i++) {
      context.strokeRect((width / 4) * i, -1, 0, height + 2);
      context.strokeRect(-1, (height / 4) * i, width + 2, 0);
    }
    const [x, y] = place(camera);
    const [w, h] = [(camera.width / camera.zoom / sights.size) * width, (camera.height / camera.zoom / sights.size) * height];
    context.strokeStyle = 'rgb(220 245 255 / .5)';
    context.lineWidth = scale;
    context.strokeRect(x - w / 2, y - h / 2, w, h);
    for (const [id, mate] of sights.mates) if (id !== sights.own) dot(context, place(mate), 3 * scale, hsl(sights.hue(id), 72));
    dot(context, [x, y], 3.6 * scale, hsl(sights.hue(sights.own), 78));
  }

  /** Paints the crowds if they have changed, and says in how many cells there is anybody. */
  private paintHeat(crowds: Table<{ crowd: readonly number[] }>): number | undefined {
    const cells = [...crowds.values()].flatMap(({ crowd }) => [...crowd]);
    const key = cells.join();
    if (key === this.shown || cells.length !== mapCells * mapCells) return undefined;
    this.shown = key;
    const context = this.heat.getContext('2d');
    const image = context?.createImageData(mapCells, mapCells);
    if (!context || !image) return undefined;
    cells.forEach((cell, i) => image.data.set(heatOf(cell), 4 * i));
    context.putImageData(image, 0, 0);
    return cells.filter((cell) => cell > 0).length;
  }
}

/** The colour of a crowd: nothing, then green, amber, and red where there are most. Red, green, blue and alpha, 0 to 255. */
export function heatOf(cell: number): [number, number, number, number] {
  const part = Math.max(0, Math.min(1, cell / mostCrowd));
  if (part === 0) return [40, 170, 130, 0];
  const [r, g, b] = part < 0.5 ? [60 + 390 * part, 200, 140 - 140 * part] : [255, 200 - 260 * (part - 0.5), 70];
  return [Math.round(r), Math.round(g), Math.round(b), Math.round(90 + 150 * part)];
}

function dot(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], radius: number, color: string): void {
  context.fillStyle = color;
  context.strokeStyle = 'rgb(4 16 20 / .8)';
  context.lineWidth = radius / 3;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
