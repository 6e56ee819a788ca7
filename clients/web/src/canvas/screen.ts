import { h } from '../dom.js';
import { zoomFor, type Box, type Camera } from './camera.js';

/** Device pixels per CSS pixel that are drawn. More is not seen, and costs. */
export const pixelRatio = (): number => Math.min(devicePixelRatio || 1, 2);

/** The canvas that fills a game's page, and the camera that looks through it. */
export class Screen {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D | null;
  readonly camera: Camera = { x: 0, y: 0, zoom: 1, width: 0, height: 0 };
  private last = 0;
  private readonly resized = new ResizeObserver(() => this.resize());

  /** area is how many square units of the world are to be seen, whatever the screen. */
  constructor(
    name: string,
    label: string,
    private readonly area?: number,
  ) {
    this.canvas = h('canvas', { class: `field ${name}`, tabindex: 0, 'aria-label': label });
    this.context = this.canvas.getContext('2d', { alpha: false });
  }

  /** Follows the size of what it was put into. */
  mount(root: HTMLElement): void {
    this.canvas.focus({ preventScroll: true });
    this.resized.observe(root);
    this.resize();
  }

  destroy(): void {
    this.resized.disconnect();
  }

  /** The time of a picture in seconds, and how much has passed since the last one: never much, after a pause. */
  time(milliseconds: number): { now: number; seconds: number } {
    const now = milliseconds / 1000;
    const seconds = Math.min(0.1, Math.max(0, now - this.last));
    this.last = now;
    return { now, seconds };
  }

  /** Begins a picture: CSS pixels, nothing left over from the last one. */
  begin(context: CanvasRenderingContext2D): void {
    const scale = pixelRatio();
    context.setTransform(scale, 0, 0, scale, 0, 0);
    plain(context);
  }

  /** The places of elements that lie over the canvas. */
  taken(selectors: string): Box[] {
    const page = this.canvas.closest('.game');
    return [...(page?.querySelectorAll(selectors) ?? [])].map((element) => element.getBoundingClientRect()).filter((box) => box.width > 0);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = pixelRatio();
    this.canvas.width = Math.max(1, Math.round(width * scale));
    this.canvas.height = Math.max(1, Math.round(height * scale));
    Object.assign(this.camera, { width, height, zoom: zoomFor(width, height, this.area) });
  }
}

/** Draws as if nothing had been set. */
export function plain(context: CanvasRenderingContext2D): void {
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}
