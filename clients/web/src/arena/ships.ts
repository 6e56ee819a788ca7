import { hsl } from '../color.js';
import { toScreen, type Camera } from '../canvas/camera.js';
import { drawGlow } from '../canvas/glow.js';
import { radians, shipRadius, type Ship } from './model.js';
import type { Motion } from './motion.js';

const hull: readonly (readonly [number, number])[] = [
  [1.3, 0], [0.1, 0.42], [-0.72, 0.98], [-0.5, 0.3], [-0.62, 0], [-0.5, -0.3], [-0.72, -0.98], [0.1, -0.42],
];

export interface Looks {
  hue: number;
  own: boolean;
  name: string;
  maxHP: number;
  /** Its player has lost the connection. */
  away: boolean;
  now: number; // seconds
}

/** How much is to be seen of a ship whose player is away. */
const awayAlpha = 0.34;

/** Draws one ship: engine, hull, shield, name and health. One whose player is away is a shadow of itself. */
export function drawShip(context: CanvasRenderingContext2D, camera: Camera, ship: Ship, motion: Motion, looks: Looks): void {
  const at = toScreen(camera, ship);
  const size = shipRadius * camera.zoom;
  if (at.x < -4 * size || at.y < -4 * size || at.x > camera.width + 4 * size || at.y > camera.height + 4 * size) return;
  const { away } = looks;
  context.save();
  if (ship.hp > 0 && !away) drawLight(context, at, size, motion, looks);
  if (away) context.globalAlpha = awayAlpha;
  context.translate(at.x, at.y);
  context.rotate(radians(ship.angle));
  context.scale(size, size);
  if (motion.flame > 0.03 && !away) drawFlame(context, motion.flame, looks);
  drawHull(context, ship, motion, looks, size);
  context.restore();
  if (ship.hp === 0) return;
  if (ship.shield && !away) drawShield(context, at, size, looks);
  context.save();
  if (away) context.globalAlpha = 1.5 * awayAlpha;
  drawTag(context, at, size, ship, away ? { ...looks, name: `${looks.name} · away` } : looks);
  context.restore();
}

function drawLight(context: CanvasRenderingContext2D, at: { x: number; y: number }, size: number, motion: Motion, looks: Looks): void {
  context.globalCompositeOperation = 'lighter';
  drawGlow(context, looks.hue, at.x, at.y, size * 3.1, looks.own ? 0.42 : 0.27);
  if (motion.flash > 0) drawGlow(context, 8, at.x, at.y, size * 4, motion.flash * 0.8);
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}

function drawFlame(context: CanvasRenderingContext2D, power: number, looks: Looks): void {
  const flicker = 0.85 + 0.15 * Math.sin(looks.now * 71) + 0.1 * Math.sin(looks.now * 113);
  const length = (0.5 + 1.75 * power) * flicker;
  context.save();
  context.globalCompositeOperation = 'lighter';
  for (const [width, reach, color] of [[0.5, 1, 'rgb(255 120 50'], [0.3, 0.72, 'rgb(255 190 90'], [0.15, 0.45, 'rgb(255 250 225']] as const) {
    const fill = context.createLinearGradient(-0.5, 0, -0.5 - length * reach, 0);
    fill.addColorStop(0, `${color} / .9)`);
    fill.addColorStop(1, `${color} / 0)`);
    context.fillStyle = fill;
    context.beginPath();
    context.moveTo(-0.48, -width * 0.62);
    context.quadraticCurveTo(-0.5 - length * reach * 0.55, -width * 0.7, -0.5 - length * reach, 0);
    context.quadraticCurveTo(-0.5 - length * reach * 0.55, width * 0.7, -0.48, width * 0.62);
    context.fill();
  }
  context.restore();
}

function drawHull(context: CanvasRenderingContext2D, ship: Ship, motion: Motion, looks: Looks, size: number): void {
  const wreck = ship.hp === 0;
  context.beginPath();
  for (const [x, y] of hull) context.lineTo(x, y);
  context.closePath();
  context.lineJoin = 'round';
  if (wreck) {
    context.globalAlpha = 0.55;
    context.fillStyle = '#11131c';
    context.strokeStyle = '#5b5566';
  } else {
    const fill = context.createLinearGradient(-0.7, 0, 1.2, 0);
    fill.addColorStop(0, hsl(looks.hue, 12));
    fill.addColorStop(1, hsl(looks.hue, looks.own ? 42 : 34));
    context.fillStyle = fill;
    context.strokeStyle = hsl(looks.hue, looks.own ? 78 : 67);
  }
  context.fill();
  context.lineWidth = (looks.own ? 2.4 : 1.9) / size;
  context.stroke();
  if (wreck) return;
  context.beginPath(); // the canopy
  context.ellipse(0.28, 0, 0.34, 0.13, 0, 0, 2 * Math.PI);
  context.fillStyle = hsl(looks.hue, 90, 0.9);
  context.fill();
  if (motion.flash <= 0) return;
  context.globalAlpha = motion.flash * 0.85;
  context.beginPath();
  for (const [x, y] of hull) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = '#fff';
  context.fill();
}

function drawShield(context: CanvasRenderingContext2D, at: { x: number; y: number }, size: number, looks: Looks): void {
  const radius = size * (1.72 + 0.05 * Math.sin(looks.now * 7));
  context.save();
  context.globalCompositeOperation = 'lighter';
  const fill = context.createRadialGradient(at.x, at.y, radius * 0.55, at.x, at.y, radius);
  fill.addColorStop(0, 'rgb(130 200 255 / 0)');
  fill.addColorStop(1, 'rgb(130 200 255 / .28)');
  context.fillStyle = fill;
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = 'rgb(190 228 255 / .85)';
  context.lineWidth = 1.6;
  context.setLineDash([radius * 0.5, radius * 0.285]);
  context.lineDashOffset = -looks.now * 26;
  context.stroke();
  context.restore();
}

function drawTag(context: CanvasRenderingContext2D, at: { x: number; y: number }, size: number, ship: Ship, looks: Looks): void {
  const y = at.y - size * 1.85;
  if (!looks.own) {
    context.font = '600 12px system-ui, "Segoe UI", Roboto, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.strokeStyle = 'rgb(6 9 20 / .75)';
    context.strokeText(looks.name, at.x, y - 3);
    context.fillStyle = hsl(looks.hue, 82);
    context.fillText(looks.name, at.x, y - 3);
  }
  if (ship.hp >= looks.maxHP) return;
  const width = Math.max(26, size * 2.1);
  const part = ship.hp / Math.max(1, looks.maxHP);
  context.fillStyle = 'rgb(6 9 20 / .8)';
  context.beginPath();
  context.roundRect(at.x - width / 2 - 1, y - 1, width + 2, 6, 3);
  context.fill();
  context.fillStyle = part > 0.6 ? '#5cf2a5' : part > 0.3 ? '#ffb454' : '#ff5d73';
  context.beginPath();
  context.roundRect(at.x - width / 2, y, Math.max(4, width * part), 4, 2);
  context.fill();
}
