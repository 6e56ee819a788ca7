/** The hue that everybody sees for oneself. */
export const ownHue = 188;

/**
 * The hue of another player: the same in every window, with neighbours in ID far apart, and never near the cyan that is
 * kept for oneself. Degrees.
 */
export function hueOf(id: number): number {
  return (215 + ((id * 0.618034) % 1) * 310) % 360; // the golden ratio spreads any run of IDs evenly
}

/** A CSS colour. Lightness 0 to 100, alpha 0 to 1. */
export function hsl(hue: number, lightness = 66, alpha = 1): string {
  return `hsl(${hue.toFixed(1)} 90% ${lightness}% / ${alpha})`;
}
