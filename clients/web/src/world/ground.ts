import { toScreen, type Camera } from '../canvas/camera.js';
import { sequence, surface, tile } from '../canvas/paint.js';

const side = 1024; // pixels of the painted grass
const grassUnits = 26; // what it covers
const field = 3; // units: at most one plant in each
const shore = 1.6; // units of sand along the edge

/** The meadow: grass with plants in it, and water all round. */
export class Ground {
  private readonly grass = paintGrass();
  private readonly light = paintLight();
  private readonly plants = paintPlants();

  draw(context: CanvasRenderingContext2D, camera: Camera, size: number, now: number): void {
    const { width, height, zoom } = camera;
    const from = toScreen(camera, { x: -size / 2, y: -size / 2 });
    const length = size * zoom;
    const inside = from.x <= 0 && from.y <= 0 && from.x + length >= width && from.y + length >= height;
    context.save();
    if (!inside) {
      drawWater(context, camera, from, length, now);
      context.beginPath();
      context.roundRect(from.x, from.y, length, length, zoom * 2);
      context.clip();
    }
    tile(context, this.grass, grassUnits * zoom, camera.x * zoom, camera.y * zoom, width, height);
    // The same again much larger, so that nobody sees where the grass begins anew.
    tile(context, this.light, 7.3 * grassUnits * zoom, camera.x * zoom, camera.y * zoom, width, height);
    this.drawPlants(context, camera, size);
    if (!inside) drawShore(context, camera, from, length);
    context.restore();
  }

  private drawPlants(context: CanvasRenderingContext2D, camera: Camera, size: number): void {
    const { width, height, zoom } = camera;
    const first = (at: number, seen: number) => Math.max(Math.floor((at - seen / 2 / zoom) / field) - 1, Math.ceil((-size / 2 + shore) / field));
    const last = (at: number, seen: number) => Math.min(Math.ceil((at + seen / 2 / zoom) / field) + 1, Math.floor((size / 2 - shore) / field) - 1);
    for (let y = first(camera.y, height); y <= last(camera.y, height); y++) {
      for (let x = first(camera.x, width); x <= last(camera.x, width); x++) {
        const chance = scatter(x, y);
        const plant = this.plants[Math.floor(chance * 2.4 * this.plants.length)];
        if (!plant) continue; // nothing grows here
        const at = toScreen(camera, { x: (x + scatter(y, x + 7)) * field, y: (y + scatter(x + 3, y)) * field });
        const radius = zoom * (0.5 + 0.35 * scatter(x + 1, y + 1));
        context.drawImage(plant, at.x - radius, at.y - radius, 2 * radius, 2 * radius);
      }
    }
  }
}

/** A number from 0 to 1 for a place; the same in every window. */
export function scatter(x: number, y: number): number {
  let n = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  n = Math.imul(n ^ (n >>> 15), 0x85ebca6b);
  n = Math.imul(n ^ (n >>> 13), 0xc2b2ae35);
  return ((n ^ (n >>> 16)) >>> 0) / 2 ** 32;
}

function drawWater(context: CanvasRenderingContext2D, camera: Camera, from: { x: number; y: number }, length: number, now: number): void {
  const { width, height, zoom } = camera;
  context.fillStyle = '#0c3145';
  context.fillRect(0, 0, width, height);
  for (const [reach, alpha] of [[7, 0.12], [4, 0.2], [1.8, 0.34]] as const) {
    const swell = (reach + 0.25 * Math.sin(now * 0.9 + reach)) * zoom;
    context.fillStyle = `rgb(70 190 190 / ${alpha})`;
    context.beginPath();
    context.roundRect(from.x - swell, from.y - swell, length + 2 * swell, length + 2 * swell, swell + 2 * zoom);
    context.fill();
  }
}

function drawShore(context: CanvasRenderingContext2D, { zoom }: Camera, from: { x: number; y: number }, length: number): void {
  for (const [wide, color] of [[shore * 2.6, 'rgb(214 190 130 / .16)'], [shore * 2, 'rgb(214 190 130 / .35)'], [shore * 1.3, 'rgb(222 199 142 / .8)'], [0.28, 'rgb(240 250 245 / .8)']] as const) {
    context.strokeStyle = color;
    context.lineWidth = wide * zoom;
    context.beginPath();
    context.roundRect(from.x, from.y, length, length, zoom * 2);
    context.stroke();
  }
}

/** Draws at a place and wherever it sticks out over an edge again, so that the tile goes on at its edges. */
function wrapped(x: number, y: number, reach: number, draw: (x: number, y: number) => void): void {
  for (const dx of [-side, 0, side]) {
    for (const dy of [-side, 0, side]) {
      const [left, top] = [x + dx, y + dy];
      if (left > -reach && left < side + reach && top > -reach && top < side + reach) draw(left, top);
    }
  }
}

function paintGrass(): HTMLCanvasElement {
  const random = sequence(11);
  return surface(side, side, (context) => {
    context.fillStyle = '#337f50';
    context.fillRect(0, 0, side, side);
    for (let i = 0; i < 130; i++) {
      const radius = 50 + 120 * random();
      const color = random() < 0.5 ? '30 98 66' : '84 150 68';
      const alpha = 0.1 + 0.14 * random();
      wrapped(side * random(), side * random(), radius, (x, y) => blob(context, x, y, radius, color, alpha));
    }
    context.lineCap = 'round';
    for (let i = 0; i < 3600; i++) {
      const [length, lean] = [4 + 8 * random(), (random() - 0.5) * 6];
      context.strokeStyle = random() < 0.55 ? `rgb(150 210 104 / ${0.1 + 0.22 * random()})` : `rgb(10 44 34 / ${0.12 + 0.2 * random()})`;
      context.lineWidth = 1 + 1.2 * random();
      wrapped(side * random(), side * random(), 16, (x, y) => {
        context.beginPath();
        context.moveTo(x, y);
        context.quadraticCurveTo(x, y - length / 2, x + lean, y - length);
        context.stroke();
      });
    }
  });
}

function paintLight(): HTMLCanvasElement {
  const random = sequence(23);
  return surface(side / 2, side / 2, (context) => {
    context.scale(0.5, 0.5);
    for (let i = 0; i < 26; i++) {
      const radius = 140 + 220 * random();
      const color = random() < 0.55 ? '4 34 36' : '206 214 96';
      wrapped(side * random(), side * random(), radius, (x, y) => blob(context, x, y, radius, color, color.startsWith('4') ? 0.26 : 0.1));
    }
  });
}

function blob(context: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string, alpha: number): void {
  const fill = context.createRadialGradient(x, y, 0, x, y, radius);
  fill.addColorStop(0, `rgb(${color} / ${alpha})`);
  fill.addColorStop(1, `rgb(${color} / 0)`);
  context.fillStyle = fill;
  context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

/** Tufts of grass, most of them, and flowers. */
function paintPlants(): HTMLCanvasElement[] {
  const tufts = ['#4f9a55', '#3d8450', '#64a856', '#4f9a55'].map((color, i) => surface(64, 64, (context) => paintTuft(context, color, sequence(i + 40))));
  const flowers = [['#f4f1e4', '#f2c14e'], ['#c79bff', '#fff0b8'], ['#ff9eb5', '#fff2c9'], ['#ffd966', '#b5762c']].map(([petal, heart], i) =>
    surface(64, 64, (context) => {
      const random = sequence(i + 70);
      paintTuft(context, '#4a9152', random);
      for (let n = 0; n < 3; n++) paintFlower(context, 18 + 28 * random(), 14 + 28 * random(), 4.2 + 2 * random(), petal as string, heart as string);
    }),
  );
  return [...tufts, ...flowers];
}

function paintTuft(context: CanvasRenderingContext2D, color: string, random: () => number): void {
  context.strokeStyle = color;
  context.lineCap = 'round';
  for (let i = 0; i < 9; i++) {
    const lean = (i - 4) * 4 + (random() - 0.5) * 5;
    context.lineWidth = 2.6;
    context.beginPath();
    context.moveTo(32 + (i - 4) * 1.6, 52);
    context.quadraticCurveTo(32 + lean * 0.4, 40, 32 + lean, 24 + 10 * random() + Math.abs(lean) * 0.3);
    context.stroke();
  }
}

function paintFlower(context: CanvasRenderingContext2D, x: number, y: number, size: number, petal: string, heart: string): void {
  context.fillStyle = petal;
  for (let i = 0; i < 5; i++) {
    const angle = (i / 5) * 2 * Math.PI;
    context.beginPath();
    context.arc(x + Math.cos(angle) * size * 0.8, y + Math.sin(angle) * size * 0.8, size * 0.62, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = heart;
  context.beginPath();
  context.arc(x, y, size * 0.55, 0, 2 * Math.PI);
  context.fill();
}
