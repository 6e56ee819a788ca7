import { cleanName } from './format.js';

const key = 'tickwire.name';
const first = ['Swift', 'Bold', 'Lucky', 'Quiet', 'Bright', 'Nimble', 'Brave', 'Keen'];
const second = ['Comet', 'Falcon', 'Otter', 'Nova', 'Badger', 'Quasar', 'Heron', 'Lynx'];

/** The player's name: what was chosen last, or one made up and kept, so that nobody has to type before playing. */
export function loadName(): string {
  try {
    const kept = cleanName(localStorage.getItem(key) ?? '');
    if (kept) return kept;
  } catch {
    // Storage may be forbidden; a fresh name does as well.
  }
  const name = `${pick(first)} ${pick(second)}`;
  saveName(name);
  return name;
}

/** Keeps a name for the next visit and returns it as it will be shown. */
export function saveName(name: string): string {
  const clean = cleanName(name);
  try {
    localStorage.setItem(key, clean);
  } catch {
    // See loadName.
  }
  return clean;
}

function pick(words: string[]): string {
  return words[Math.floor(Math.random() * words.length)] ?? 'Player';
}
