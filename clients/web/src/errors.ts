/** What a person is told about a failure: a heading, a sentence, and whether trying again can help. */
export interface Friendly {
  title: string;
  text: string;
  retry: boolean;
}

/** The codes of error.proto in plain words. */
const words: Record<number, Friendly> = {
  4200: { title: 'The game is over', text: 'This room has played its game to the end.', retry: false },
  4400: { title: 'This page and the server disagree', text: 'The server could not read what this page sent. Reload the page.', retry: false },
  4401: { title: 'The seat was no longer valid', text: 'The ticket for the seat had expired or was already used. Take a new seat.', retry: true },
  4403: { title: 'Not allowed here', text: 'The server does not accept players from this address.', retry: false },
  4404: { title: 'This room is gone', text: 'There is no room behind that link or code. Perhaps everybody has left it.', retry: false },
  4408: { title: 'The connection was too slow to open', text: 'The server waited for this page and gave up.', retry: true },
  4409: { title: 'You were away', text: 'Nothing was played for a while, so your seat was given up.', retry: true },
  4410: { title: 'You play somewhere else', text: 'A newer window or device took over this seat.', retry: false },
  4411: { title: 'Connection lost', text: 'The server heard nothing from you for too long.', retry: true },
  4412: { title: 'The session has ended', text: 'Sessions end after some hours. Join again to play on.', retry: true },
  4413: { title: 'Your connection is too slow', text: 'The game could not be sent to you fast enough.', retry: true },
  4422: { title: 'The server refused a move', text: 'This page sent something outside the rules of the game. Reload the page.', retry: false },
  4423: { title: 'The room is full', text: 'All seats are taken. Try another room.', retry: true },
  4429: { title: 'Too fast', text: 'Too many requests came from here. Wait a moment.', retry: true },
  4430: { title: 'Removed from the game', text: 'The game removed you from this room.', retry: false },
  4500: { title: 'The game failed', text: 'A fault in the game ended this room. It was not you; join another one.', retry: false },
  4503: { title: 'The server is stopping', text: 'It will be back in a moment.', retry: true },
};

const unreachable: Friendly = {
  title: 'The server cannot be reached',
  text: 'Check the network. The page keeps trying.',
  retry: true,
};

/** Explains an error of the client library, or anything that was thrown. */
export function explain(error: unknown): Friendly {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'number') {
    const known = words[code];
    if (known) return code === 4430 && typeof message === 'string' && message ? { ...known, text: message } : known;
    if (code >= 4000) return { title: 'The room was left', text: typeof message === 'string' && message ? message : `Code ${code}.`, retry: true };
  }
  if (error instanceof TypeError || typeof code === 'number') return unreachable;
  return { title: 'Something went wrong', text: typeof message === 'string' && message ? message : String(error), retry: true };
}
