import type { Table } from '@tickwire/client';
import { toScreen, type Camera, type Point } from '../canvas/camera.js';
import { drawGlow } from '../canvas/glow.js';
import { plain } from '../canvas/screen.js';
import { sequence, surface } from '../canvas/paint.js';
import { scatter } from './ground.js';
import { kinds, type Food, type Rock } from './model.js';

const foodSize = 0.62; // units from the middle: a little more than where it is touched, to be seen
const popping = 0.28; // seconds in which a new piece comes up

/** What lies on the meadow. */
export class Things {
  private readonly food = kinds.map((_, kind) => foodPicture(kind, 96));
  private readonly rocks = [1, 2, 3, 4, 5].map(paintRock);
  private readonly known = new Map<number, number>(); // a piece of food, and when it was first seen

  drawRocks(context: CanvasRenderingContext2D, camera: Camera, rocks: Table<Rock>): void {
    for (const [id, rock] of rocks) {
      const at = toScreen(camera, rock);
      const radius = rock.radius * camera.zoom;
      if (hidden(camera, at, 2 * radius)) continue;
      shadow(context, at.x + radius * 0.14, at.y + radius * 0.2, radius * 1.06, radius * 1.02, 0.34);
      const picture = this.rocks[id % this.rocks.length] as HTMLCanvasElement;
      context.drawImage(picture, at.x - radius, at.y - radius, 2 * radius, 2 * radius);
    }
  }

  drawFood(context: CanvasRenderingContext2D, camera: Camera, food: Table<Food>, now: number): void {
    for (const [id, piece] of food) {
      const since = this.known.get(id) ?? now;
      this.known.set(id, since);
      const at = toScreen(camera, piece);
      if (hidden(camera, at, 2 * camera.zoom)) continue;
      const pop = Math.min(1, (now - since) / popping);
      const size = foodSize * camera.zoom * (pop < 1 ? pop * (2.2 - 1.2 * pop) : 1);
      const lift = camera.zoom * 0.09 * (1 + Math.sin(now * 2.4 + scatter(id, 1) * 7));
      shadow(context, at.x, at.y + size * 0.62, size * 0.7, size * 0.3, 0.3);
      context.globalCompositeOperation = 'lighter';
      drawGlow(context, kinds[piece.kind]?.hue ?? 60, at.x, at.y, size * 2.3, 0.2);
      plain(context);
      context.drawImage(this.food[piece.kind] ?? (this.food[0] as HTMLCanvasElement), at.x - size, at.y - size - lift, 2 * size, 2 * size);
    }
    if (this.known.size > 2 * food.size + 100) for (const id of this.known.keys()) if (!food.has(id)) this.known.delete(id);
  }
}

/** Whether nothing of something is on the screen. */
export function hidden(camera: Camera, at: Point, reach: number): boolean {
  return at.x < -reach || at.y < -reach || at.x > camera.width + reach || at.y > camera.height + reach;
}

export function shadow(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, alpha: number): void {
  context.fillStyle = `rgb(3 18 20 / ${alpha})`;
  context.beginPath();
  context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
  context.fill();
}

/** A piece of food, large enough for a side in pixels. */
export function foodPicture(kind: number, side: number): HTMLCanvasElement {
  return surface(side, side, (context) => {
    context.scale(side / 96, side / 96);
    context.lineJoin = context.lineCap = 'round';
    ([paintBerry, paintShell, paintStone][kind] ?? paintStone)(context);
  });
}

function ball(context: CanvasRenderingContext2D, x: number, y: number, radius: number, light: string, dark: string): void {
  const fill = context.createRadialGradient(x - radius * 0.35, y - radius * 0.4, radius * 0.1, x, y, radius);
  fill.addColorStop(0, light);
  fill.addColorStop(1, dark);
  context.fillStyle = fill;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = 'rgb(255 255 255 / .65)';
  context.beginPath();
  context.arc(x - radius * 0.36, y - radius * 0.42, radius * 0.16, 0, 2 * Math.PI);
  context.fill();
}

function paintBerry(context: CanvasRenderingContext2D): void {
  context.strokeStyle = '#2f7a3c';
  context.lineWidth = 5;
  for (const x of [30, 64, 48]) {
    context.beginPath();
    context.moveTo(50, 12);
    context.quadraticCurveTo(48, 26, x, 48);
    context.stroke();
  }
  ball(context, 30, 56, 19, '#ff8fa3', '#c1183f');
  ball(context, 65, 54, 19, '#ff7d96', '#b01238');
  ball(context, 48, 70, 19, '#ff9bac', '#d42149');
  context.fillStyle = '#58b357';
  context.beginPath();
  context.moveTo(50, 14);
  context.quadraticCurveTo(66, 0, 84, 14);
  context.quadraticCurveTo(68, 28, 50, 14);
  context.fill();
}

function paintShell(context: CanvasRenderingContext2D): void {
  const fill = context.createRadialGradient(48, 78, 6, 48, 60, 52);
  fill.addColorStop(0, '#fff3df');
  fill.addColorStop(0.6, '#ffc98c');
  fill.addColorStop(1, '#e98f4e');
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(40, 82);
  for (let i = 0; i <= 6; i++) {
    const angle = Math.PI * (1.08 + (i / 6) * 0.84);
    const [x, y] = [48 + Math.cos(angle) * 40, 70 + Math.sin(angle) * 54];
    if (i === 0) context.lineTo(x, y);
    else {
      const middle = Math.PI * (1.08 + ((i - 0.5) / 6) * 0.84);
      context.quadraticCurveTo(48 + Math.cos(middle) * 46, 70 + Math.sin(middle) * 62, x, y);
    }
  }
  context.lineTo(56, 82);
  context.quadraticCurveTo(48, 88, 40, 82);
  context.fill();
  context.strokeStyle = 'rgb(176 92 40 / .55)';
  context.lineWidth = 3;
  for (let i = 1; i < 6; i++) {
    const angle = Math.PI * (1.08 + (i / 6) * 0.84);
    context.beginPath();
    context.moveTo(48 + (i - 3) * 2, 78);
    context.lineTo(48 + Math.cos(angle) * 37, 70 + Math.sin(angle) * 50);
    context.stroke();
  }
}

function paintStone(context: CanvasRenderingContext2D): void {
  const faces: [string, number[][]][] = [
    ['#bfeaff', [[48, 14], [26, 34], [48, 44], [70, 34]]],
    ['#79c2ee', [[26, 34], [14, 56], [48, 84], [48, 44]]],
    ['#4a94cf', [[70, 34], [82, 56], [48, 84], [48, 44]]],
    ['#e4f7ff', [[48, 14], [26, 34], [36, 36], [46, 24]]],
  ];
  for (const [color, points] of faces) {
    context.fillStyle = context.strokeStyle = color;
    context.lineWidth = 2;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x as number, y as number);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/** A rock that fills its picture to the edge: walkers stop where it ends. */
function paintRock(seed: number): HTMLCanvasElement {
  const side = 256;
  const random = sequence(seed * 97);
  return surface(side, side, (context) => {
    context.translate(side / 2, side / 2);
    context.scale(side / 2, side / 2);
    const rim = Array.from({ length: 15 }, (_, i) => {
      const angle = ((i + 0.6 * (random() - 0.5)) / 15) * 2 * Math.PI;
      const radius = 0.93 + 0.07 * random();
      return [Math.cos(angle) * radius, Math.sin(angle) * radius] as const;
    });
    const outline = (scale: number, dx: number, dy: number) => {
      context.beginPath();
      for (const [x, y] of rim) context.lineTo(x * scale + dx, y * scale + dy);
      context.closePath();
    };
    context.lineJoin = 'round';
    outline(1, 0, 0);
    const fill = context.createRadialGradient(-0.4, -0.5, 0.1, 0, 0, 1.1);
    fill.addColorStop(0, '#a3adb2');
    fill.addColorStop(0.55, '#737f88');
    fill.addColorStop(1, '#434e5a');
    context.fillStyle = fill;
    context.fill();
    context.save();
    context.clip();
    outline(0.72, -0.1, -0.14);
    context.fillStyle = 'rgb(196 206 208 / .28)';
    context.fill();
    outline(0.44, -0.16, -0.2);
    context.fillStyle = 'rgb(226 232 230 / .25)';
    context.fill();
    for (let i = 0; i < 12; i++) { // moss on the shady side, and grit
      const [x, y] = [random() * 1.5 - 0.55, random() * 1.5 - 0.45];
      context.fillStyle = i < 7 ? `rgb(74 128 70 / ${0.22 + 0.2 * random()})` : `rgb(30 38 46 / ${0.2 * random() + 0.1})`;
      context.beginPath();
      context.ellipse(x, y, 0.08 + 0.2 * random(), 0.06 + 0.12 * random(), random() * 3, 0, 2 * Math.PI);
      context.fill();
    }
    context.strokeStyle = 'rgb(34 42 52 / .5)';
    context.lineWidth = 0.025;
    for (let i = 0; i < 3; i++) {
      const angle = random() * 2 * Math.PI;
      context.beginPath();
      context.moveTo(Math.cos(angle) * 0.3, Math.sin(angle) * 0.3);
      context.lineTo(Math.cos(angle + 0.3) * 0.6, Math.sin(angle + 0.3) * 0.6);
      context.lineTo(Math.cos(angle + 0.1) * 0.95, Math.sin(angle + 0.1) * 0.95);
      context.stroke();
    }
    context.restore();
    outline(0.985, 0, 0);
    context.strokeStyle = '#2c3640';
    context.lineWidth = 0.035;
    context.stroke();
  });
}
