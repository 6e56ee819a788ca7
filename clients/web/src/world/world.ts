import { drawArrows, type Goal } from '../canvas/arrows.js';
import { follow, keepInside, toScreen, type Box, type Camera } from '../canvas/camera.js';
import { Particles } from '../canvas/particles.js';
import { Screen, plain } from '../canvas/screen.js';
import { hueOf, ownHue } from '../color.js';
import type { GameRoom, GameView } from '../room.js';
import { toastRefusal } from '../toast.js';
import { Controls } from './controls.js';
import { Ground } from './ground.js';
import { Hud, companions } from './hud.js';
import { WorldMap } from './map.js';
import { canTake, kinds, radiusOf, type BumpEvent, type PickedEvent, type Walk, type Walker, type WorldState } from './model.js';
import { observe, speed, type Gait } from './motion.js';
import { Things } from './things.js';
import { drawName, drawWalker, type Looks } from './walkers.js';

/** Shows the world: all that is drawn comes from room.interpolated(), all that is done goes through the room. */
export function mountWorld(root: HTMLElement, room: GameRoom<WorldState>): GameView {
  return new World(root, room);
}

const area = 860; // square units on the screen: its corners are within sight on all but the longest screens

class World implements GameView {
  private readonly screen = new Screen('meadow', 'The meadow. Walk with the arrow keys, run with Shift, eat with 1, 2 and 3.', area);
  private readonly camera: Camera = this.screen.camera;
  private readonly hud: Hud;
  private readonly controls: Controls;
  private readonly map = new WorldMap();
  private readonly ground = new Ground();
  private readonly things = new Things();
  private readonly particles = new Particles();
  private readonly gaits = new Map<number, Gait>();
  private readonly names = new Map<number, string>();
  private readonly stops: (() => void)[];
  private readonly asked = kinds.map(() => 0); // how many of each kind of the bag commands are under way for
  private walk: Walk = { dx: 0, dy: 0, run: false };
  private listedAt = 0;
  private destroyed = false;
  private taken: Box[] = []; // by what is written over the meadow

  constructor(
    root: HTMLElement,
    private readonly room: GameRoom<WorldState>,
  ) {
    const use = (command: 'eat' | 'drop', kind: number) => this.use(command, kind);
    this.hud = new Hud(this.hue, use);
    this.controls = new Controls(this.screen.canvas, () => this.steer(), use);
    root.append(this.screen.canvas, this.map.canvas, this.hud.element, this.controls.element);
    this.screen.mount(root);
    this.stops = [
      room.onMessage<PickedEvent>('picked', (event) => this.onPicked(event)),
      room.onMessage<BumpEvent>('bump', (event) => this.hud.addBump(event, this.room.player, (id) => this.names.get(id) ?? 'Somebody')),
    ];
  }

  destroy(): void {
    this.destroyed = true;
    this.screen.destroy();
    for (const stop of this.stops) stop();
    this.controls.destroy();
  }

  frame(milliseconds: number): void {
    const { now, seconds } = this.screen.time(milliseconds);
    const state = this.room.interpolated();
    if (!this.screen.context || !state.rules?.size) return;
    this.observeWalkers(state, now, seconds);
    this.particles.step(seconds);
    this.aimCamera(state, seconds);
    this.steer();
    this.draw(this.screen.context, state, now);
    this.updateHud(state, now);
  }

  private readonly hue = (id: number): number => (id === this.room.player ? ownHue : hueOf(id));

  private readonly away = (id: number): boolean => id !== this.room.player && this.room.state.names.get(id)?.away === true;

  private observeWalkers(state: WorldState, now: number, seconds: number): void {
    for (const [id, walker] of state.walkers) {
      const gait = observe(this.gaits, id, walker, now, seconds);
      if (gait.grown === 1) this.particles.burst(walker, 16, { hue: 130, speed: 5, life: 0.6, size: 0.26 });
      if (walker.run && speed(gait) > 4 && Math.random() < 9 * seconds) this.dust(walker, gait);
    }
    for (const [id, gait] of this.gaits) if (gait.seen !== now) this.gaits.delete(id); // out of sight
  }

  private dust(walker: Walker, gait: Gait): void {
    const back = radiusOf(walker.size) / speed(gait);
    this.particles.burst({ x: walker.x - gait.vx * back, y: walker.y - gait.vy * back }, 1, { hue: 52, speed: 0.9, life: 0.5, size: 0.34, towards: Math.atan2(-gait.vy, -gait.vx), spread: 1.4 });
  }

  private aimCamera(state: WorldState, seconds: number): void {
    const own = state.walkers.get(this.room.player);
    if (!own) return;
    const world = { width: state.rules.size, height: state.rules.size };
    Object.assign(this.camera, follow(this.camera, keepInside(this.camera, own, world, 4), seconds, 12));
  }

  private steer(): void {
    if (this.destroyed) return;
    const own = this.gaits.get(this.room.player);
    const want = this.controls.read(own && toScreen(this.camera, own), own ? radiusOf(own.size) * this.camera.zoom : 0);
    if (want.dx === this.walk.dx && want.dy === this.walk.dy && want.run === this.walk.run) return;
    this.walk = want;
    this.room.send(want);
    if (this.controls.touched) this.hud.hideHint();
  }

  private use(command: 'eat' | 'drop', kind: number): void {
    const bag = this.room.state.bags.get(this.room.player);
    if (!bag || kinds[kind]!.count(bag) <= this.asked[kind]!) return; // nothing is left to ask for
    this.asked[kind]!++;
    this.room
      .command(command, { kind })
      .catch((error: unknown) => this.destroyed || toastRefusal(error))
      .finally(() => this.asked[kind]!--);
  }

  private draw(context: CanvasRenderingContext2D, state: WorldState, now: number): void {
    this.screen.begin(context);
    this.ground.draw(context, this.camera, state.rules.size, now);
    this.things.drawFood(context, this.camera, state.food, now);
    const walkers = this.walkers(state, now);
    for (const [walker, gait, looks] of walkers) drawWalker(context, this.camera, walker, gait, looks);
    this.things.drawRocks(context, this.camera, state.rocks);
    for (const [walker, gait, looks] of walkers) drawName(context, this.camera, walker, gait, looks);
    this.particles.draw(context, this.camera);
    plain(context);
    this.drawDusk(context);
    drawArrows(context, this.camera, this.mates(state), 7, 400, this.taken);
    this.map.draw(now, this.camera, { size: state.rules.size, crowds: state.map, mates: state.mates, own: this.room.player, hue: this.hue });
  }

  /** Who is to be drawn, in this order: the smallest last, so that nobody hides another, and the own one above all. */
  private walkers(state: WorldState, now: number): [Walker, Gait, Looks][] {
    const own = state.walkers.get(this.room.player);
    const guarded = (this.room.state.bags.get(this.room.player)?.hard ?? 0) > 0;
    const all = [...state.walkers].filter(([id]) => id !== this.room.player).sort(([, a], [, b]) => b.size - a.size);
    if (own) all.push([this.room.player, own]);
    return all.flatMap(([id, walker]) => {
      const gait = this.gaits.get(id);
      return gait ? [[walker, gait, this.looks(state, id, walker, own, guarded, now)]] : [];
    });
  }

  private looks(state: WorldState, id: number, walker: Walker, own: Walker | undefined, guarded: boolean, now: number): Looks {
    const mine = id === this.room.player;
    const danger = !own || mine ? 'none' : canTake(walker.size, own.size) ? 'takes' : canTake(own.size, walker.size) ? 'gives' : 'none';
    return { hue: this.hue(id), own: mine, name: state.names.get(id)?.name ?? '', mate: state.mates.has(id), away: this.away(id), danger, guarded: mine && guarded, now };
  }

  /** It is darker towards the edges of the screen. */
  private drawDusk(context: CanvasRenderingContext2D): void {
    const { width, height } = this.camera;
    const reach = Math.hypot(width, height) / 2;
    const fill = context.createRadialGradient(width / 2, height / 2, reach * 0.35, width / 2, height / 2, reach);
    fill.addColorStop(0, 'rgb(4 18 30 / 0)');
    fill.addColorStop(1, 'rgb(4 18 30 / .5)');
    context.fillStyle = fill;
    context.fillRect(0, 0, width, height);
  }

  private *mates(state: WorldState): Iterable<Goal> {
    for (const [id, { x, y }] of state.mates) if (id !== this.room.player) yield { x, y, hue: this.hue(id) };
  }

  private updateHud(state: WorldState, now: number): void {
    this.hud.showBag(this.room.state.bags.get(this.room.player));
    const own = state.walkers.get(this.room.player);
    if (own) this.hud.showSize(own.size, state.rules);
    if (now - this.listedAt < 0.25) return;
    this.listedAt = now;
    for (const [id, { name }] of this.room.state.names) this.names.set(id, name);
    if (own) this.hud.showBand(companions(this.room.state.mates, this.room.state.names, this.room.player, own), this.away);
    this.taken = this.screen.taken('.bar > *, .net, .scores, .radar, .carry, .hint:not(.leaving), .stick, .trigger');
  }

  private onPicked({ kind, x, y }: PickedEvent): void {
    const at = { x: x / 1024, y: y / 1024 }; // an event has the game's own lengths
    this.particles.burst(at, 10, { hue: kinds[kind]?.hue ?? 60, speed: 4, life: 0.45, size: 0.24 });
    this.hud.addPick(kind, toScreen(this.camera, at));
  }
}
