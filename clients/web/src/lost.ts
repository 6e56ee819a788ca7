import { h, setText } from './dom.js';
import { explain, type Friendly } from './errors.js';

const firstProtocolCode = 4200; // smaller ones are the client library's own, and say nothing to anybody

/** Says why there is no room any more. It takes the focus, so that keyboard and screen reader are there at once. */
export function lostPanel(error: unknown, leave: () => void, again: () => Promise<void>, first: Friendly = explain(error)): HTMLElement {
  const title = h('h2', { id: 'lost-title' });
  const text = h('p', { id: 'lost-text', 'aria-live': 'polite' });
  const code = h('p', { class: 'code' });
  const back = h('button', { class: 'button', type: 'button', 'data-action': 'lobby', onclick: leave }, 'Back to the lobby');
  const retry = h('button', { class: 'button primary', type: 'button', 'data-action': 'again', onclick: () => void tryAgain() }, 'Join again');
  const show = (error: unknown, why: Friendly) => {
    const number = (error as { code?: unknown } | undefined)?.code;
    setText(title, why.title);
    setText(text, why.text);
    setText(code, `Reason ${String(number)}`);
    code.hidden = typeof number !== 'number' || number < firstProtocolCode;
    retry.hidden = !why.retry;
    back.classList.toggle('primary', !why.retry);
    (why.retry ? retry : back).focus();
  };
  // A failure stays here, with the room's link in the address: the next try may work.
  const tryAgain = async () => {
    retry.disabled = true;
    setText(retry, 'Joining …');
    try {
      await again();
    } catch (error) {
      retry.disabled = false;
      show(error, explain(error));
      if (!retry.hidden) setText(text, `Tried just now. ${explain(error).text}`);
    } finally {
      setText(retry, 'Join again');
    }
  };
  queueMicrotask(() => show(error, first)); // in the page by then, or it could not take the focus
  return h(
    'div',
    { class: 'veil' },
    h('div', { class: 'panel lost', role: 'alertdialog', 'aria-labelledby': 'lost-title', 'aria-describedby': 'lost-text' }, title, text, code, h('div', { class: 'actions' }, back, retry)),
  );
}
