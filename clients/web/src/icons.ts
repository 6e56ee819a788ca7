import { svg } from './dom.js';

const paths: Record<string, string> = {
  back: '<path d="M15 5l-7 7 7 7"/>',
  copy: '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M15 5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15"/>',
  lock: '<rect x="5" y="11" width="14" height="9" rx="2.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  globe: '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5.5 5 5.5 12 0 17c-5.5-5-5.5-12 0-17"/>',
  link: '<path d="M10 14a4 4 0 0 0 6 .5l3-3a4.1 4.1 0 0 0-5.8-5.8l-1.7 1.7"/><path d="M14 10a4 4 0 0 0-6-.5l-3 3a4.1 4.1 0 0 0 5.8 5.8l1.7-1.7"/>',
  play: '<path d="M8 5.5v13l10.5-6.5z" fill="currentColor"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  pulse: '<path d="M3 13h4l3-8 4 14 3-6h4"/>',
  users: '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.6 3.5 5.5"/>',
};

/** A small line icon; it is decoration, the text beside it carries the meaning. */
export function icon(name: keyof typeof paths & string): SVGSVGElement {
  return svg(
    `<svg xmlns="http://www.w3.org/2000/svg" class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths[name] ?? ''}</svg>`,
  );
}

/** The mark of Tickwire: one tick on a wire. */
export function logo(): SVGSVGElement {
  return svg(
    '<svg xmlns="http://www.w3.org/2000/svg" class="logo" viewBox="0 0 32 32" aria-hidden="true"><defs><linearGradient id="logo" x1="0" x2="1"><stop offset="0" stop-color="#5ee7ff"/><stop offset="1" stop-color="#9d8bff"/></linearGradient></defs><path d="M3 19h7l3-10 6 16 3-9h7" fill="none" stroke="url(#logo)" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  );
}
