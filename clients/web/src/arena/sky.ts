import { toScreen, type Camera } from '../canvas/camera.js';
import { sequence, surface, tile } from '../canvas/paint.js';

const side = 1024; // of a layer

interface Layer {
  canvas: HTMLCanvasElement;
  depth: number; // 0 is at infinity, 1 moves with the world
}

/** What lies behind the game: clouds, three layers of stars that move with their distance, the grid and the border. */
export class Sky {
  private readonly layers: Layer[];
  private readonly clouds = paintClouds();
  private readonly hatch = paintHatch();

  constructor(scale: number) {
    const random = sequence(7); // the same sky in every window
    this.layers = [
      { canvas: paintStars(scale, random, 560, 0.5, 0.55), depth: 0.08 },
      { canvas: paintStars(scale, random, 210, 0.85, 0.75), depth: 0.18 },
      { canvas: paintStars(scale, random, 52, 1.35, 1), depth: 0.34 },
    ];
  }

  draw(context: CanvasRenderingContext2D, camera: Camera, world: { width: number; height: number }): void {
    const { width, height, zoom } = camera;
    context.fillStyle = '#060914';
    context.fillRect(0, 0, width, height);
    const cover = Math.max(width, height) * 1.5;
    context.drawImage(this.clouds, width / 2 - cover / 2 - camera.x * zoom * 0.05, height / 2 - cover / 2 - camera.y * zoom * 0.05, cover, cover);
    for (const { canvas, depth } of this.layers) tile(context, canvas, side, camera.x * zoom * depth, camera.y * zoom * depth, width, height);
    this.drawGrid(context, camera, world);
    this.drawBorder(context, camera, world);
  }

  private drawGrid(context: CanvasRenderingContext2D, camera: Camera, world: { width: number; height: number }): void {
    const from = toScreen(camera, { x: -world.width / 2, y: -world.height / 2 });
    const to = toScreen(camera, { x: world.width / 2, y: world.height / 2 });
    const step = 6 * camera.zoom;
    context.beginPath();
    for (let x = from.x + step; x < to.x - 1; x += step) {
      if (x < 0 || x > camera.width) continue;
      context.moveTo(Math.round(x) + 0.5, Math.max(0, from.y));
      context.lineTo(Math.round(x) + 0.5, Math.min(camera.height, to.y));
    }
    for (let y = from.y + step; y < to.y - 1; y += step) {
      if (y < 0 || y > camera.height) continue;
      context.moveTo(Math.max(0, from.x), Math.round(y) + 0.5);
      context.lineTo(Math.min(camera.width, to.x), Math.round(y) + 0.5);
    }
    context.strokeStyle = 'rgb(126 160 255 / .07)';
    context.lineWidth = 1;
    context.stroke();
  }

  private drawBorder(context: CanvasRenderingContext2D, camera: Camera, world: { width: number; height: number }): void {
    const from = toScreen(camera, { x: -world.width / 2, y: -world.height / 2 });
    const w = world.width * camera.zoom;
    const h = world.height * camera.zoom;
    if (from.x < 0 && from.y < 0 && from.x + w > camera.width && from.y + h > camera.height) return;
    context.save();
    context.beginPath();
    context.rect(0, 0, camera.width, camera.height);
    context.rect(from.x, from.y, w, h);
    context.fillStyle = 'rgb(4 6 13 / .72)';
    context.fill('evenodd');
    const pattern = context.createPattern(this.hatch, 'repeat');
    if (pattern) {
      pattern.setTransform(new DOMMatrix().translate(from.x, from.y));
      context.fillStyle = pattern;
      context.fill('evenodd');
    }
    for (const [line, alpha] of [[18, 0.05], [9, 0.1], [4, 0.25], [1.6, 0.95]] as const) {
      context.strokeStyle = `rgb(255 93 126 / ${alpha})`;
      context.lineWidth = line;
      context.strokeRect(from.x, from.y, w, h);
    }
    context.restore();
  }
}

function paintStars(scale: number, random: () => number, count: number, size: number, alpha: number): HTMLCanvasElement {
  return surface(side * scale, side * scale, (context) => {
    context.scale(scale, scale);
    for (let i = 0; i < count; i++) {
      const hue = random() < 0.7 ? 218 : random() * 60 + 20;
      const radius = size * (0.6 + random() * 0.8);
      context.fillStyle = `hsl(${hue} 80% 88% / ${alpha * (0.35 + 0.65 * random())})`;
      context.beginPath();
      context.arc(3 + random() * (side - 6), 3 + random() * (side - 6), radius, 0, 2 * Math.PI);
      context.fill();
    }
  });
}

function paintClouds(): HTMLCanvasElement {
  const side = 512;
  return surface(side, side, (context) => {
    for (const [x, y, radius, color] of [
      [0.3, 0.32, 0.42, '64 98 224 / .26'],
      [0.68, 0.6, 0.4, '132 64 205 / .22'],
      [0.5, 0.85, 0.34, '20 140 170 / .16'],
      [0.82, 0.25, 0.26, '205 70 120 / .12'],
      [0.14, 0.72, 0.26, '40 70 190 / .2'],
    ] as const) {
      const fill = context.createRadialGradient(x * side, y * side, 0, x * side, y * side, radius * side);
      fill.addColorStop(0, `rgb(${color})`);
      fill.addColorStop(1, `rgb(${color.split('/')[0]} / 0)`);
      context.fillStyle = fill;
      context.fillRect(0, 0, side, side);
    }
  });
}

function paintHatch(): HTMLCanvasElement {
  return surface(16, 16, (context) => {
    context.strokeStyle = 'rgb(255 93 126 / .09)';
    context.lineWidth = 2;
    for (const offset of [-16, 0, 16]) {
      context.moveTo(offset, 16);
      context.lineTo(offset + 16, 0);
    }
    context.stroke();
  });
}
