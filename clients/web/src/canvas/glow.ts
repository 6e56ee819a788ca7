const size = 64;
const sprites = new Map<number, HTMLCanvasElement>();

/** A soft light of a hue, drawn once and copied from then on: shadows and gradients are too slow for hundreds a frame. */
export function glow(hue: number): HTMLCanvasElement {
  const key = Math.round(hue / 4) * 4;
  const known = sprites.get(key);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d');
  if (context) {
    const fill = context.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
    fill.addColorStop(0, `hsl(${key} 100% 92%)`);
    fill.addColorStop(0.18, `hsl(${key} 100% 72% / .75)`);
    fill.addColorStop(0.5, `hsl(${key} 100% 58% / .2)`);
    fill.addColorStop(1, `hsl(${key} 100% 50% / 0)`);
    context.fillStyle = fill;
    context.fillRect(0, 0, size, size);
  }
  sprites.set(key, canvas);
  return canvas;
}

/** Draws a light with a radius in pixels. */
export function drawGlow(context: CanvasRenderingContext2D, hue: number, x: number, y: number, radius: number, alpha: number): void {
  context.globalAlpha = Math.max(0, Math.min(1, alpha));
  context.drawImage(glow(hue), x - radius, y - radius, 2 * radius, 2 * radius);
}
