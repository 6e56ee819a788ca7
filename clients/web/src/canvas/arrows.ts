import { hsl } from '../color.js';
import { edgePoint, outside, toScreen, type Box, type Camera, type Point } from './camera.js';

const arrowSize = 9;

/** What an arrow points at. */
export interface Goal extends Point {
  hue: number;
}

/** Arrows at the edge towards the nearest things that are off the screen; never below what is written over the game. */
export function drawArrows(context: CanvasRenderingContext2D, camera: Camera, goals: Iterable<Goal>, most: number, far: number, taken: readonly Box[]): void {
  const away: { hue: number; distance: number; x: number; y: number; angle: number }[] = [];
  for (const goal of goals) {
    const edge = edgePoint(camera, toScreen(camera, goal), { x: arrowSize + 12, y: arrowSize + 12 });
    if (!edge) continue;
    const free = outside(edge, { x: camera.width / 2, y: camera.height / 2 }, taken, arrowSize + 5);
    away.push({ hue: goal.hue, distance: Math.hypot(goal.x - camera.x, goal.y - camera.y), angle: edge.angle, ...free });
  }
  away.sort((a, b) => a.distance - b.distance);
  for (const arrow of away.slice(0, most)) {
    context.save();
    context.globalAlpha = Math.max(0.3, 1 - arrow.distance / far);
    context.translate(arrow.x, arrow.y);
    context.rotate(arrow.angle);
    context.beginPath();
    context.moveTo(arrowSize, 0);
    context.lineTo(-5, 7);
    context.lineTo(-2, 0);
    context.lineTo(-5, -7);
    context.closePath();
    context.fillStyle = hsl(arrow.hue, 66);
    context.fill();
    context.restore();
  }
}
