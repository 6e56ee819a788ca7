import { toScreen, type Camera, type Point } from '../canvas/camera.js';
import { surface } from '../canvas/paint.js';
import { hsl } from '../color.js';
import { radiusOf, type Walker } from './model.js';
import { speed, type Gait } from './motion.js';
import { hidden, shadow } from './things.js';

export interface Looks {
  hue: number;
  own: boolean;
  name: string;
  /** Of the player's band. */
  mate: boolean;
  /** Its player has lost the connection: it sleeps. */
  away: boolean;
  /** What it is to the player: can take from it, can be taken from, or neither. */
  danger: 'takes' | 'gives' | 'none';
  /** The own one: nobody can take from it just now. */
  guarded: boolean;
  now: number; // seconds
}

const appear = 0.25; // seconds in which one that comes in sight becomes visible

/** Draws one walker: a round animal with ears, feet, and eyes that look where it goes. */
export function drawWalker(context: CanvasRenderingContext2D, camera: Camera, walker: Walker, gait: Gait, looks: Looks): void {
  const at = toScreen(camera, walker);
  const radius = radiusOf(gait.size) * camera.zoom * (1 + 0.16 * Math.sin(gait.grown * Math.PI));
  if (hidden(camera, at, 3 * radius + 60)) return;
  const pace = Math.min(1, speed(gait) / 5);
  const hop = radius * 0.13 * pace * Math.abs(Math.sin(gait.stride));
  context.save();
  context.globalAlpha = presence(gait, looks) * (looks.away ? 0.62 : 1);
  shadow(context, at.x, at.y + radius * 0.34, radius * (1.02 - 0.1 * pace), radius * 0.86, 0.32);
  drawRing(context, at, radius, looks);
  context.translate(at.x, at.y - hop);
  context.scale(radius, radius);
  drawLimbs(context, gait, looks, pace);
  const body = bodyOf(looks.hue);
  const breath = 1 + 0.018 * Math.sin(looks.now * 2.6 + gait.stride * 0.1);
  context.drawImage(body, -1.04 * breath, -1.04 * (2 - breath), 2.08 * breath, 2.08 * (2 - breath));
  drawFace(context, gait, looks);
  context.restore();
}

function presence(gait: Gait, looks: Looks): number {
  return Math.min(1, (looks.now - gait.born) / appear);
}

/** A ring on the ground says who is dangerous, who is worth it, and that nobody can take from oneself just now. */
function drawRing(context: CanvasRenderingContext2D, at: Point, radius: number, looks: Looks): void {
  const color = looks.guarded ? '150 215 255' : looks.own ? '94 231 255' : looks.danger === 'takes' ? '255 96 110' : looks.danger === 'gives' ? '255 205 96' : undefined;
  if (!color) return;
  context.strokeStyle = `rgb(${color} / ${looks.guarded ? 0.95 : looks.own ? 0.5 : 0.62})`;
  context.lineWidth = looks.guarded ? 4 : 2;
  if (!looks.own || looks.guarded) {
    context.setLineDash([radius * 0.3, radius * 0.2]);
    context.lineDashOffset = -looks.now * 14;
  }
  context.beginPath();
  context.ellipse(at.x, at.y + radius * 0.14, radius * 1.26, radius * 1.2, 0, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
}

function drawLimbs(context: CanvasRenderingContext2D, gait: Gait, looks: Looks, pace: number): void {
  context.save();
  context.rotate(gait.look);
  context.fillStyle = hsl(looks.hue, 30);
  for (const side of [-1, 1]) {
    const step = Math.sin(gait.stride + (side > 0 ? Math.PI : 0)) * 0.42 * pace;
    context.beginPath();
    context.ellipse(step + 0.06, side * 0.62, 0.34, 0.25, 0, 0, 2 * Math.PI);
    context.fill();
  }
  const wag = 0.16 * Math.sin(gait.stride) * pace;
  context.fillStyle = hsl(looks.hue, 82);
  context.beginPath();
  context.arc(-1.06, wag, 0.24, 0, 2 * Math.PI);
  context.fill();
  for (const side of [-1, 1]) {
    context.fillStyle = hsl(looks.hue, 44);
    context.beginPath();
    context.ellipse(-0.42, side * 0.88, 0.38, 0.24, side * 0.7, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = hsl(looks.hue, 78);
    context.beginPath();
    context.ellipse(-0.4, side * 0.92, 0.22, 0.12, side * 0.7, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

function drawFace(context: CanvasRenderingContext2D, gait: Gait, looks: Looks): void {
  const ahead = { x: Math.cos(gait.look), y: Math.sin(gait.look) };
  const blink = looks.away || Math.sin(looks.now * 0.9 + gait.born * 5) > 0.985;
  for (const side of [-1, 1]) {
    const x = ahead.x * 0.46 - side * ahead.y * 0.36;
    const y = ahead.y * 0.46 + side * ahead.x * 0.36;
    if (blink) {
      context.strokeStyle = hsl(looks.hue, 16);
      context.lineWidth = 0.09;
      context.lineCap = 'round';
      context.beginPath();
      context.arc(x, y - 0.05, 0.17, 0.2 * Math.PI, 0.8 * Math.PI);
      context.stroke();
      continue;
    }
    dot(context, x, y, 0.27, '#fbfdff');
    dot(context, x + ahead.x * 0.09, y + ahead.y * 0.09, 0.16, '#16202c');
    dot(context, x + ahead.x * 0.09 - 0.05, y + ahead.y * 0.09 - 0.06, 0.055, '#fff');
  }
  dot(context, ahead.x * 0.86, ahead.y * 0.86, 0.1, hsl(looks.hue, 18)); // the nose
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Writes a walker's name above it. */
export function drawName(context: CanvasRenderingContext2D, camera: Camera, walker: Walker, gait: Gait, looks: Looks): void {
  const at = toScreen(camera, walker);
  if (looks.own || !looks.name || hidden(camera, at, 200)) return;
  const y = at.y - radiusOf(gait.size) * camera.zoom * 1.4 - 3;
  context.globalAlpha = presence(gait, looks);
  context.font = `${looks.mate ? 700 : 600} 12px system-ui, "Segoe UI", Roboto, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = 'rgb(4 22 24 / .8)';
  const text = `${looks.mate ? '♥ ' : ''}${looks.name}${looks.away ? ' · asleep' : ''}`;
  context.strokeText(text, at.x, y);
  context.fillStyle = hsl(looks.hue, 84);
  context.fillText(text, at.x, y);
}

const bodies = new Map<number, HTMLCanvasElement>();

/** A body of a hue, painted once and copied from then on. */
function bodyOf(hue: number): HTMLCanvasElement {
  const key = Math.round(hue / 6) * 6;
  const known = bodies.get(key);
  if (known) return known;
  const side = 160;
  const body = surface(side, side, (context) => {
    context.translate(side / 2, side / 2);
    context.scale(side / 2.08, side / 2.08);
    const fill = context.createRadialGradient(-0.34, -0.42, 0.08, 0, 0, 1.02);
    fill.addColorStop(0, hsl(key, 84));
    fill.addColorStop(0.42, hsl(key, 64));
    fill.addColorStop(1, hsl(key, 38));
    context.fillStyle = fill;
    context.beginPath();
    context.arc(0, 0, 0.97, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = hsl(key, 22, 0.9);
    context.lineWidth = 0.07;
    context.stroke();
    context.fillStyle = 'rgb(255 255 255 / .3)';
    context.beginPath();
    context.ellipse(-0.36, -0.52, 0.3, 0.17, -0.7, 0, 2 * Math.PI);
    context.fill();
  });
  bodies.set(key, body);
  return body;
}
