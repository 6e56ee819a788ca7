/** Screens without room at the bottom: narrow, low, or with thumbs on it. The styles have the same words. */
export const small = '(max-width: 719px), (max-height: 480px), (pointer: coarse)';

export function isSmall(): boolean {
  return matchMedia(small).matches;
}
