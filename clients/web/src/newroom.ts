import { h } from './dom.js';
import { titleOf } from './games.js';
import { icon } from './icons.js';

/** Asks what kind of room to make. Escape or a click outside takes it back. */
export function openNewRoom(game: string, create: (isPrivate: boolean) => void): void {
  const dialog = h(
    'dialog',
    { class: 'panel new-room', 'aria-labelledby': 'new-room-title' },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'new-room-title' }, `New ${titleOf(game)} room`),
      h(
        'fieldset',
        {},
        h('legend', { class: 'hidden' }, 'Who can join'),
        choice('public', 'globe', 'Public', 'In the list, and "Play now" leads to it.', true),
        choice('private', 'lock', 'Private', 'Not in the list. You get a code to pass on.', false),
      ),
      h(
        'div',
        { class: 'actions' },
        h('button', { class: 'button', type: 'submit', value: '', formnovalidate: true }, 'Cancel'),
        h('button', { class: 'button primary', type: 'submit', value: 'create', autofocus: true }, 'Create room'),
      ),
    ),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close('');
  });
  dialog.addEventListener('close', () => {
    const kind = dialog.querySelector<HTMLInputElement>('input:checked')?.value;
    dialog.remove();
    if (dialog.returnValue === 'create') create(kind === 'private');
  });
  document.body.append(dialog);
  dialog.showModal();
}

function choice(value: string, sign: string, title: string, text: string, checked: boolean): HTMLElement {
  return h(
    'label',
    { class: 'choice' },
    h('input', { type: 'radio', name: 'kind', value, checked }),
    icon(sign),
    h('span', {}, h('strong', {}, title), h('small', {}, text)),
  );
}
