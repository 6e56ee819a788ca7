import { describe, expect, it } from 'vitest';
import { hueOf, ownHue } from '../src/color.js';
import { explain, explainEnd } from '../src/errors.js';
import { cleanName, cutName, formatMillis, formatRate, plural } from '../src/format.js';
import { formatRoute, parseRoute, type Route } from '../src/route.js';
import { TickwireError } from '@tickwire/client';

describe('numbers', () => {
  it.each([[0, '0 B/s'], [999, '999 B/s'], [1000, '1.0 kB/s'], [12_345, '12.3 kB/s'], [2.5e6, '2.5 MB/s'], [NaN, '–'], [-1, '–']])('%d bytes a second are %s', (rate, want) => {
    expect(formatRate(rate)).toBe(want);
  });

  it.each([[0, '0 ms'], [0.42, '0.4 ms'], [23.4, '23 ms'], [undefined, '–'], [NaN, '–']])('%s milliseconds are %s', (ms, want) => {
    expect(formatMillis(ms)).toBe(want);
  });

  it('knows one from many', () => {
    expect([plural(0, 'player'), plural(1, 'player'), plural(2, 'player')]).toEqual(['0 players', '1 player', '2 players']);
  });
});

describe('names', () => {
  it.each([
    ['spaces around are taken off', '  Ada ', 'Ada'],
    ['what turns the direction of text is taken out', 'A\u202eda\u0000', 'Ada'],
    ['32 bytes fit', 'x'.repeat(40), 'x'.repeat(32)],
    ['a character is never cut', '🚀'.repeat(9), '🚀'.repeat(8)],
    ['half a character is taken out', 'A\ud83d', 'A'],
    ['nothing is nothing', ' ', ''],
  ])('%s', (_, name, want) => {
    expect(cleanName(name)).toBe(want);
  });
});

describe('a name that is being typed', () => {
  it.each([
    ['is left alone while it fits', ' Ada  L', ' Ada  L'],
    ['ends after 32 bytes', 'x'.repeat(33), 'x'.repeat(32)],
    ['ends after a whole character', `${'x'.repeat(30)}é🚀`, `${'x'.repeat(30)}é`],
  ])('%s', (_, typed, want) => {
    expect(cutName(typed)).toBe(want);
  });
});

describe('routes', () => {
  it.each<Route>([
    { page: 'lobby' },
    { page: 'room', game: 'arena', roomId: 'AB12' },
    { page: 'room', game: 'arena', roomId: 'a/b %' },
    { page: 'invite', game: 'tictactoe', code: 'QX7' },
    { page: 'debug', game: 'paint' },
    { page: 'debug', game: 'paint', roomId: 'AB12' },
  ])('%j comes back', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(['', '#', '#/arena', '#/arena/x/y', '#/%'])('"%s" is the lobby', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'lobby' });
  });
});

describe('colours', () => {
  it('are the same for everybody, far apart, and never like the own', () => {
    const hues = Array.from({ length: 64 }, (_, id) => hueOf(id + 1));
    for (const hue of hues) expect(Math.abs(hue - ownHue)).toBeGreaterThan(20);
    for (let i = 1; i < hues.length; i++) {
      const gap = Math.abs((hues[i] ?? 0) - (hues[i - 1] ?? 0));
      expect(Math.min(gap, 360 - gap)).toBeGreaterThan(40);
    }
  });
});

describe('errors', () => {
  it.each([
    ['a known code', { code: 4423, message: 'full' }, 'The room is full', true],
    ['a kick, in the words of the game', { code: 4430, message: 'no swearing' }, 'Removed from the game', false],
    ['a broken network', new TickwireError(2, 'the connection broke'), 'The server cannot be reached', true],
    ['a failed fetch', new TypeError('Failed to fetch'), 'The server cannot be reached', true],
    ['a code from the future', { code: 4999, message: 'new' }, 'Something went wrong', true],
    ['a thrown string', 'oops', 'Something went wrong', true],
  ])('%s', (_, error, title, retry) => {
    expect(explain(error)).toMatchObject({ title, retry });
  });

  it('knows a seat that is gone from a room that is not there', () => {
    const gone = { code: 4404, message: 'the session is over' };
    expect(explainEnd(gone)).toMatchObject({ title: 'Your seat was given up', retry: true });
    expect(explain(gone)).toMatchObject({ title: 'This room is gone', retry: false });
    expect(explainEnd({ code: 4430, message: 'no swearing' }).text).toBe('no swearing');
  });

  it('passes on what the game says', () => {
    expect(explain({ code: 4430, message: 'no swearing' }).text).toBe('no swearing');
    expect(explain({ code: 4999, message: 'new' }).text).toBe('new');
  });
});
