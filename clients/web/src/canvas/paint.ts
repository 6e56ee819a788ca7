/** Paints into a canvas of its own, to be copied from then on. */
export function surface(width: number, height: number, paint: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context) paint(context);
  return canvas;
}

/** Numbers from 0 to 1, the same in every window: what is painted with them looks the same everywhere. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The rest of a division, never negative. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Covers the screen with a picture that goes on at its edges. x and y, in pixels, move it. */
export function tile(context: CanvasRenderingContext2D, picture: CanvasImageSource, side: number, x: number, y: number, width: number, height: number): void {
  for (let top = -modulo(y, side); top < height; top += side) {
    for (let left = -modulo(x, side); left < width; left += side) context.drawImage(picture, left, top, side, side);
  }
}

/** A small canvas over the game, as large in pixels as it is on the page. Undefined while it is not to be seen. */
export function fit(canvas: HTMLCanvasElement): { context: CanvasRenderingContext2D; width: number; height: number; scale: number } | undefined {
  const scale = Math.min(devicePixelRatio || 1, 2);
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  return context && width > 0 ? { context, width, height, scale } : undefined;
}
