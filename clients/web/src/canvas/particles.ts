import { toScreen, type Camera, type Point } from './camera.js';
import { drawGlow } from './glow.js';

interface Particle extends Point {
  vx: number;
  vy: number;
  size: number;
  hue: number;
  age: number;
  life: number;
  drag: number;
}

interface Ring extends Point {
  hue: number;
  age: number;
  life: number;
  radius: number;
}

const most = 900; // more would cost frames and show nothing

/** Sparks, smoke and shock waves. They are only ornament: nothing here is replicated. */
export class Particles {
  private readonly live: Particle[] = [];
  private rings: Ring[] = [];

  /** Sparks that fly apart from a point. Speed in units a second, life in seconds. */
  burst(at: Point, count: number, options: { hue: number; speed: number; life: number; size: number; towards?: number; spread?: number }): void {
    for (let i = 0; i < count && this.live.length < most; i++) {
      const angle = (options.towards ?? 0) + (Math.random() - 0.5) * (options.spread ?? 2 * Math.PI);
      const speed = options.speed * (0.25 + 0.75 * Math.random());
      this.live.push({
        x: at.x,
        y: at.y,
        vx: Math.cos(angle) * speed,
        vy: Math.sin(angle) * speed,
        size: options.size * (0.5 + Math.random()),
        hue: options.hue + (Math.random() - 0.5) * 24,
        age: 0,
        life: options.life * (0.5 + 0.7 * Math.random()),
        drag: 2.2,
      });
    }
  }

  /** A ship that blows up. */
  explode(at: Point, hue: number): void {
    this.rings.push({ ...at, hue: 36, age: 0, life: 0.55, radius: 5.5 }, { ...at, hue, age: 0, life: 0.9, radius: 8 });
    this.burst(at, 46, { hue: 34, speed: 13, life: 0.8, size: 0.42 });
    this.burst(at, 30, { hue, speed: 9, life: 1.1, size: 0.34 });
    this.burst(at, 14, { hue: 16, speed: 3, life: 1.4, size: 1 });
  }

  step(seconds: number): void {
    let kept = 0;
    for (const p of this.live) {
      p.age += seconds;
      if (p.age >= p.life) continue;
      const slow = Math.exp(-p.drag * seconds);
      p.vx *= slow;
      p.vy *= slow;
      p.x += p.vx * seconds;
      p.y += p.vy * seconds;
      this.live[kept++] = p;
    }
    this.live.length = kept;
    for (const ring of this.rings) ring.age += seconds;
    this.rings = this.rings.filter((ring) => ring.age < ring.life);
  }

  /** Draws with lights added up; the caller restores alpha and composition. */
  draw(context: CanvasRenderingContext2D, camera: Camera): void {
    context.globalCompositeOperation = 'lighter';
    for (const p of this.live) {
      const at = toScreen(camera, p);
      if (at.x < -40 || at.y < -40 || at.x > camera.width + 40 || at.y > camera.height + 40) continue;
      const left = 1 - p.age / p.life;
      drawGlow(context, p.hue, at.x, at.y, p.size * camera.zoom * (0.35 + 0.65 * left), left * 0.95);
    }
    for (const ring of this.rings) {
      const at = toScreen(camera, ring);
      const part = ring.age / ring.life;
      context.globalAlpha = (1 - part) ** 1.5 * 0.8;
      context.strokeStyle = `hsl(${ring.hue} 100% 70%)`;
      context.lineWidth = 1 + 5 * (1 - part);
      context.beginPath();
      context.arc(at.x, at.y, ring.radius * camera.zoom * (1 - (1 - part) ** 3), 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
