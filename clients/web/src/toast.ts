import { h } from './dom.js';

let region: HTMLElement | undefined;

/** Shows a short message for some seconds. Screen readers speak it. */
export function toast(text: string, kind: 'info' | 'warn' | 'good' = 'info'): void {
  if (!region?.isConnected) {
    region = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
    document.body.append(region);
  }
  const same = [...region.children].find((item) => item.textContent === text);
  same?.remove(); // the newest stays, without a tower of equals
  const item = h('div', { class: `toast ${kind}` }, text);
  region.append(item);
  while (region.childElementCount > 3) region.firstElementChild?.remove();
  setTimeout(() => item.classList.add('leaving'), 3600);
  setTimeout(() => item.remove(), 4000);
}

/** Says in the game's own words why it refused a command. */
export function toastRefusal(error: unknown): void {
  const text = (error as Error).message;
  toast(text.charAt(0).toUpperCase() + text.slice(1), 'warn');
}
