import { drawArrows } from '../canvas/arrows.js';
import { follow, keepInside, toScreen, type Box, type Camera } from '../canvas/camera.js';
import { Particles } from '../canvas/particles.js';
import { Screen, pixelRatio, plain } from '../canvas/screen.js';
import { hueOf, ownHue } from '../color.js';
import type { GameRoom, GameView } from '../room.js';
import { Controls } from './controls.js';
import { Hud } from './hud.js';
import type { ArenaState, HitEvent, KillEvent, Steer } from './model.js';
import { observe, type Motion } from './motion.js';
import { Radar } from './radar.js';
import { drawShip } from './ships.js';
import { Shots } from './shots.js';
import { Sky } from './sky.js';

/** Shows the arena: all that is drawn comes from room.interpolated(), all that is done goes through room.send(). */
export function mountArena(root: HTMLElement, room: GameRoom<ArenaState>): GameView {
  return new Arena(root, room);
}

class Arena implements GameView {
  private readonly screen = new Screen('arena', 'The arena. Steer with the arrow keys, fire with Space.');
  private readonly hud: Hud;
  private readonly controls: Controls;
  private readonly radar = new Radar();
  private readonly sky = new Sky(pixelRatio());
  private readonly particles = new Particles();
  private readonly shots = new Shots();
  private readonly motions = new Map<number, Motion>();
  private readonly camera: Camera = this.screen.camera;
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  private readonly stops: (() => void)[];
  private readonly names = new Map<number, string>();
  private steer: Steer = { thrust: 0, turn: 0, fire: false };
  private shake = 0;
  private killer = '';
  private wasDown = false;
  private destroyed = false;
  private scoresAt = 0;
  private taken: Box[] = []; // by what is written over the arena

  constructor(
    root: HTMLElement,
    private readonly room: GameRoom<ArenaState>,
  ) {
    this.hud = new Hud(this.hue);
    this.controls = new Controls(this.screen.canvas, () => this.steerShip(performance.now()));
    root.append(this.screen.canvas, this.radar.canvas, this.hud.element, this.controls.element);
    this.screen.mount(root);
    this.stops = [
      room.onMessage<HitEvent>('hit', (event) => this.onHit(event)),
      room.onMessage<KillEvent>('kill', (event) => this.onKill(event)),
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
    if (!this.screen.context || !state.rules) return;
    this.observeShips(state, now, seconds);
    this.shots.update(state.shots, state.ships, this.hue, this.particles);
    this.particles.step(seconds);
    this.aimCamera(state, seconds);
    this.steerShip(milliseconds);
    this.draw(this.screen.context, state, now);
    this.updateHud(state, now);
  }

  private readonly hue = (id: number): number => (id === this.room.player ? ownHue : hueOf(id));

  private readonly away = (id: number): boolean => id !== this.room.player && this.room.state.pilots.get(id)?.away === true;

  private observeShips(state: ArenaState, now: number, seconds: number): void {
    for (const [id, ship] of state.ships) {
      const { motion, change } = observe(this.motions, id, ship, now, seconds);
      if (change === 'hit') this.particles.burst(ship, 14, { hue: 28, speed: 9, life: 0.4, size: 0.34 });
      if (change === 'destroyed') this.explode(id, motion);
      if (change === 'back') this.particles.burst(ship, 24, { hue: this.hue(id), speed: 6, life: 0.6, size: 0.3 });
      if (ship.hp === 0 && Math.random() < seconds * 9) this.particles.burst(ship, 1, { hue: 18, speed: 1.4, life: 1.2, size: 0.5 });
    }
    for (const [id, motion] of this.motions) {
      if (motion.seen === now) continue;
      this.motions.delete(id); // left the room
      if (motion.hp > 0) this.particles.burst(motion, 20, { hue: this.hue(id), speed: 5, life: 0.7, size: 0.3 });
    }
  }

  private explode(id: number, at: Motion): void {
    this.particles.explode({ x: at.x, y: at.y }, this.hue(id));
    const near = Math.hypot(at.x - this.camera.x, at.y - this.camera.y) < 16;
    if (id === this.room.player) this.shake = 1;
    else if (near) this.shake = Math.max(this.shake, 0.4);
  }

  private aimCamera(state: ArenaState, seconds: number): void {
    const own = state.ships.get(this.room.player);
    if (!own) return;
    const motion = this.motions.get(this.room.player);
    const ahead = { x: own.x + (motion?.vx ?? 0) * 0.22, y: own.y + (motion?.vy ?? 0) * 0.22 };
    Object.assign(this.camera, follow(this.camera, keepInside(this.camera, ahead, state.rules, 3), seconds));
    this.shake = Math.max(0, this.shake - seconds * 2.4);
  }

  private steerShip(now: number): void {
    if (this.destroyed) return;
    const newest = this.room.state.ships?.get(this.room.player);
    const drawn = this.motions.get(this.room.player);
    const { ping } = this.room.stats;
    const helm = newest && drawn && { angle: newest.angle, screen: toScreen(this.camera, drawn), rate: this.room.rate, delay: ping + 2000 / this.room.rate };
    const want = this.controls.read(now, helm);
    if (want.thrust === this.steer.thrust && want.turn === this.steer.turn && want.fire === this.steer.fire) return;
    this.steer = want;
    this.room.send(want);
    if (this.controls.touched) this.hud.hideHint();
  }

  private draw(context: CanvasRenderingContext2D, state: ArenaState, now: number): void {
    this.screen.begin(context);
    const { x, y } = this.camera;
    if (!this.calm && this.shake > 0) {
      this.camera.x += (Math.random() - 0.5) * this.shake * 0.7;
      this.camera.y += (Math.random() - 0.5) * this.shake * 0.7;
    }
    this.sky.draw(context, this.camera, state.rules);
    this.drawShips(context, state, now, true);
    this.shots.draw(context, this.camera);
    plain(context);
    this.drawShips(context, state, now, false);
    this.particles.draw(context, this.camera);
    plain(context);
    drawArrows(context, this.camera, this.others(state), 5, 80, this.taken);
    Object.assign(this.camera, { x, y });
    this.radar.draw(now, this.camera, state.rules, state.ships, this.room.player, this.hue, this.away);
  }

  /** The other ships, as arrows point at them. */
  private *others(state: ArenaState): Iterable<{ x: number; y: number; hue: number }> {
    for (const [id, { x, y, hp }] of state.ships) if (id !== this.room.player && hp > 0) yield { x, y, hue: this.hue(id) };
  }

  /** Wrecks lie below everything; the own ship is drawn last, above the others. */
  private drawShips(context: CanvasRenderingContext2D, state: ArenaState, now: number, wrecks: boolean): void {
    const one = (id: number) => {
      const ship = state.ships.get(id);
      const motion = this.motions.get(id);
      if (!ship || !motion || (ship.hp === 0) !== wrecks) return;
      const own = id === this.room.player;
      drawShip(context, this.camera, ship, motion, { hue: this.hue(id), own, name: state.pilots.get(id)?.name ?? '', maxHP: state.rules.maxHP, away: this.away(id), now });
    };
    for (const id of state.ships.ids()) if (id !== this.room.player) one(id);
    one(this.room.player);
  }

  private updateHud(state: ArenaState, now: number): void {
    const own = state.ships.get(this.room.player);
    if (own) {
      this.hud.placeHint(toScreen(this.camera, own).y < this.camera.height / 3);
      this.hud.showHealth(own.hp, state.rules.maxHP);
      this.hud.showDown(own.hp === 0, this.killer);
      // The event comes before the picture, which is drawn a moment late: only a ship that came back forgets it.
      if (own.hp > 0 && this.wasDown) this.killer = '';
      this.wasDown = own.hp === 0;
    }
    if (now - this.scoresAt < 0.2) return;
    this.scoresAt = now;
    for (const [id, pilot] of state.pilots) this.names.set(id, pilot.name);
    this.hud.showScores(state.pilots, this.room.player, this.away);
    this.taken = this.screen.taken('.bar > *, .net, .scores, .radar, .vitals, .hint:not(.leaving), .stick, .trigger');
  }

  private onHit(event: HitEvent): void {
    if (event.target !== this.room.player) return;
    this.shake = Math.max(this.shake, 0.5);
    this.hud.flashHurt();
  }

  private onKill(event: KillEvent): void {
    const who = (id: number) => ({ id, name: this.room.state.pilots.get(id)?.name ?? this.names.get(id) ?? 'Somebody' });
    this.hud.addKill(who(event.killer), who(event.victim), this.room.player);
    if (event.victim === this.room.player) this.killer = who(event.killer).name;
  }
}
