import { Code } from '@tickwire/client';

/** What a person is told about a failure: a heading, a sentence, and whether trying again can help. */
export interface Friendly {
  title: string;
  text: string;
  retry: boolean;
}

/** The codes of error.proto in plain words. */
const words: Record<number, Friendly> = {
  [Code.OVER]: { title: 'The game is over', text: 'This room has played its game to the end.', retry: false },
  [Code.MALFORMED]: { title: 'This page and the server disagree', text: 'The server could not read what this page sent. Reload the page.', retry: false },
  [Code.UNAUTHENTICATED]: { title: 'The seat was no longer valid', text: 'The ticket for the seat had expired or was already used. Take a new seat.', retry: true },
  [Code.FORBIDDEN]: { title: 'Not allowed here', text: 'The server does not accept players from this address.', retry: false },
  [Code.NOT_FOUND]: { title: 'This room is gone', text: 'There is no room behind that link or code. Perhaps everybody has left it.', retry: false },
  [Code.LATE]: { title: 'The connection was too slow to open', text: 'The server waited for this page and gave up.', retry: true },
  [Code.IDLE]: { title: 'You were away', text: 'Nothing was played for a while, so your seat was given up.', retry: true },
  [Code.SUPERSEDED]: { title: 'You play somewhere else', text: 'A newer window or device took over this seat.', retry: false },
  [Code.SILENT]: { title: 'Connection lost', text: 'The server heard nothing from you for too long.', retry: true },
  [Code.EXPIRED]: { title: 'The session has ended', text: 'Sessions end after some hours. Join again to play on.', retry: true },
  [Code.SLOW]: { title: 'Your connection is too slow', text: 'The game could not be sent to you fast enough.', retry: true },
  [Code.OUT_OF_RANGE]: { title: 'The server refused a move', text: 'This page sent something outside the rules of the game. Reload the page.', retry: false },
  [Code.FULL]: { title: 'The room is full', text: 'All seats are taken. Try another room.', retry: true },
  [Code.TOO_MANY]: { title: 'Too fast', text: 'Too many requests came from here. Wait a moment.', retry: true },
  [Code.KICKED]: { title: 'Removed from the game', text: 'The game removed you from this room.', retry: false },
  [Code.GAME_FAILED]: { title: 'The game failed', text: 'A fault in the game ended this room. It was not you; join another one.', retry: false },
  [Code.BUSY]: { title: 'The server is busy', text: 'It has as much to do as it can. Wait a moment.', retry: true },
  [Code.STOPPING]: { title: 'The server is stopping', text: 'It will be back in a moment.', retry: true },
};

const unreachable: Friendly = {
  title: 'The server cannot be reached',
  text: 'The connection to the server is lost. Try again in a moment.',
  retry: true,
};

/** Explains the end of a room that was played in: there, what cannot be found is not the room but the seat. */
export function explainEnd(why: { code: number; message: string }): Friendly {
  if (why.code !== Code.NOT_FOUND) return explain(why);
  return { title: 'Your seat was given up', text: 'The connection was lost for too long. Join again to play on.', retry: true };
}

/** Explains an error of the client library, the reason of onLeave, or anything that was thrown. */
export function explain(error: unknown): Friendly {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const said = typeof message === 'string' ? message : '';
  if (error instanceof TypeError || code === Code.NETWORK) return unreachable;
  if (typeof code !== 'number') return { title: 'Something went wrong', text: said || String(error), retry: true };
  const known = words[code];
  if (known) return code === Code.KICKED && said ? { ...known, text: said } : known;
  return { title: 'Something went wrong', text: said || `The server gave the reason ${code}.`, retry: true };
}
