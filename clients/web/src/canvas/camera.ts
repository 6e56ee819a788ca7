export interface Point {
  x: number;
  y: number;
}

/** What part of the world is on the screen: its middle in world units, and pixels a unit. */
export interface Camera extends Point {
  zoom: number;
  width: number;
  height: number;
}

/** Pixels a unit, such that every screen shows about as much of the world: nobody sees farther for having a big screen. */
export function zoomFor(width: number, height: number, area = 820): number {
  return Math.sqrt(Math.max(1, width * height) / area);
}

/**
 * Where the camera's middle may be so that at most `margin` units outside the world show. A world smaller than the screen
 * is shown in the middle.
 */
export function keepInside(camera: Camera, target: Point, world: { width: number; height: number }, margin: number): Point {
  const within = (at: number, half: number, seen: number) => {
    const limit = half + margin - seen / 2;
    return limit <= 0 ? 0 : Math.max(-limit, Math.min(limit, at));
  };
  return {
    x: within(target.x, world.width / 2, camera.width / camera.zoom),
    y: within(target.y, world.height / 2, camera.height / camera.zoom),
  };
}

/** Moves smoothly to a target: the same path whatever the frame rate. Far jumps, such as a respawn, are cut. */
export function follow(at: Point, target: Point, seconds: number, sharpness = 9): Point {
  if (Math.hypot(target.x - at.x, target.y - at.y) > 14) return { x: target.x, y: target.y };
  const part = 1 - Math.exp(-sharpness * seconds);
  return { x: at.x + (target.x - at.x) * part, y: at.y + (target.y - at.y) * part };
}

/** World to screen, in CSS pixels. */
export function toScreen(camera: Camera, point: Point): Point {
  return {
    x: camera.width / 2 + (point.x - camera.x) * camera.zoom,
    y: camera.height / 2 + (point.y - camera.y) * camera.zoom,
  };
}

/** Screen to world. */
export function toWorld(camera: Camera, point: Point): Point {
  return {
    x: camera.x + (point.x - camera.width / 2) / camera.zoom,
    y: camera.y + (point.y - camera.height / 2) / camera.zoom,
  };
}

/**
 * Where an arrow to something off the screen belongs: on a frame that lies `inset` pixels inside the screen, on the line
 * from its middle. Undefined if the thing is on the screen.
 */
export function edgePoint(camera: Camera, screen: Point, inset: Point): (Point & { angle: number }) | undefined {
  if (screen.x >= 0 && screen.x <= camera.width && screen.y >= 0 && screen.y <= camera.height) return undefined;
  const dx = screen.x - camera.width / 2;
  const dy = screen.y - camera.height / 2;
  const scale = Math.min((camera.width / 2 - inset.x) / Math.abs(dx || 1e-9), (camera.height / 2 - inset.y) / Math.abs(dy || 1e-9));
  return { x: camera.width / 2 + dx * scale, y: camera.height / 2 + dy * scale, angle: Math.atan2(dy, dx) };
}

/** A part of the screen, in CSS pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Moves a point towards the middle until it is `margin` pixels away from all boxes; one that holds the middle is left out. */
export function outside(point: Point, middle: Point, boxes: readonly Box[], margin: number): Point {
  let free = point;
  // Out of one box may be into the next; more often than there are boxes it cannot go on.
  for (let i = 0; i < boxes.length; i++) {
    const box = boxes.find((it) => free.x > it.left - margin && free.x < it.right + margin && free.y > it.top - margin && free.y < it.bottom + margin);
    if (!box) break;
    const dx = free.x - middle.x;
    const dy = free.y - middle.y;
    // Where the way from the middle meets the nearer side in each direction; it is in the box only past both.
    const alongX = dx === 0 ? 0 : ((dx > 0 ? box.left - margin : box.right + margin) - middle.x) / dx;
    const alongY = dy === 0 ? 0 : ((dy > 0 ? box.top - margin : box.bottom + margin) - middle.y) / dy;
    const part = Math.max(alongX, alongY);
    if (part <= 0) break;
    free = { x: middle.x + dx * part, y: middle.y + dy * part };
  }
  return free;
}
