import { describe, expect, it } from 'vitest';
import { standings } from '../src/arena/hud.js';
import type { Ship } from '../src/arena/model.js';
import { shooter } from '../src/arena/shots.js';
import { observe, type Motion } from '../src/arena/motion.js';
import { Phase, cellLabel, headline, winLine, type Board } from '../src/tictactoe/board.js';

const pilot = (name: string, score: number, deaths = 0) => ({ name, score, deaths });

describe('standings', () => {
  const pilots = new Map([[1, pilot('Ada', 1)], [2, pilot('Bob', 5)], [3, pilot('Cyd', 5, 2)], [4, pilot('Dee', 0)]]);

  it('orders by score, then by deaths', () => {
    expect(standings(pilots, 2, 8).map((row) => row.name)).toEqual(['Bob', 'Cyd', 'Ada', 'Dee']);
  });

  it('keeps the own row with its true rank', () => {
    expect(standings(pilots, 4, 2).map((row) => [row.rank, row.name])).toEqual([[1, 'Bob'], [4, 'Dee']]);
  });
});

describe('what happened to a ship', () => {
  const ship = (change: Partial<Ship> = {}): Ship => ({ x: 0, y: 0, angle: 0, hp: 100, shield: false, ...change });
  const watch = (...ships: Ship[]) => {
    const motions = new Map<number, Motion>();
    return ships.map((one, i) => observe(motions, 1, one, i / 30, 1 / 30).change);
  };

  it.each([
    ['it is there', [ship(), ship({ x: 0.1 })], ['new', 'none']],
    ['it is hit', [ship(), ship({ hp: 80 })], ['new', 'hit']],
    ['it is destroyed and comes back', [ship(), ship({ hp: 0 }), ship({ x: 20 })], ['new', 'destroyed', 'back']],
  ])('%s', (_, ships, want) => {
    expect(watch(...ships)).toEqual(want);
  });

  it('sees thrust, and its end, in the movement alone', () => {
    const motions = new Map<number, Motion>();
    let x = 0;
    let v = 0;
    const fly = (seconds: number, thrust: number) => {
      for (let i = 0; i < seconds * 60; i++) {
        v += (thrust - 0.94 * v) / 60;
        x += v / 60;
        observe(motions, 1, ship({ x }), 0, 1 / 60);
      }
      return motions.get(1)?.flame ?? -1;
    };
    expect(fly(1, 12.3)).toBeGreaterThan(0.7);
    expect(fly(1, 0)).toBeLessThan(0.1);
  });
});

describe('whose shot it is', () => {
  const at = (x: number, y: number, hp = 100): Ship => ({ x, y, angle: 0, hp, shield: false });

  it.each([
    ['the ship right behind it', [[1, at(0, 0)], [2, at(0, 5)]], 1],
    ['a ship some way behind, rather than a near one in front', [[1, at(-4, 0.2)], [2, at(5, 0)]], 1],
    ['not a ship beside its way', [[1, at(0, 3)]], undefined],
    ['not a wreck', [[1, at(0, 0, 0)]], undefined],
    ['not a ship far behind', [[1, at(-20, 0)]], undefined],
  ] as [string, [number, Ship][], number | undefined][])('%s', (_, ships, want) => {
    expect(shooter(ships, { x: 1, y: 0 }, { x: 2, y: 0 })).toBe(want);
  });
});

describe('tic-tac-toe', () => {
  const board = (change: Partial<Board>): Board => ({ cells: [], phase: Phase.Playing, turn: 1, winner: 0, line: [0, 0, 0], ...change });

  it.each([
    ['nobody to play with', board({ phase: Phase.Waiting }), undefined, 'Waiting for a second player …'],
    ['own turn', board({}), 'Bob', 'Your turn'],
    ['the other turn', board({ turn: 2 }), 'Bob', 'Bob is thinking …'],
    ['a win', board({ phase: Phase.Over, turn: 0, winner: 1, line: [0, 1, 2] }), 'Bob', 'You have won!'],
    ['a loss', board({ phase: Phase.Over, turn: 0, winner: 2, line: [0, 1, 2] }), 'Bob', 'Bob has won'],
    ['a draw', board({ phase: Phase.Over, turn: 0 }), 'Bob', 'A draw'],
    ['the other left', board({ phase: Phase.Over, turn: 0, winner: 1 }), undefined, 'You have won: the other player left'],
  ])('%s', (_, state, rival, want) => {
    expect(headline(state, 1, rival)).toBe(want);
  });

  it.each([
    ['it is the turn of one who is away', board({ turn: 2 }), 'Bob has lost the connection …'],
    ['the other is away, but it is the own turn', board({}), 'Your turn'],
    ['the game is over anyway', board({ phase: Phase.Over, turn: 0, winner: 2, line: [0, 1, 2] }), 'Bob has won'],
  ])('%s', (_, state, want) => {
    expect(headline(state, 1, 'Bob', true)).toBe(want);
  });

  it('has a line only if there is one', () => {
    expect(winLine(board({ phase: Phase.Over, winner: 1 }))).toBeUndefined();
    expect(winLine(board({ phase: Phase.Over, winner: 1, line: [2, 4, 6] }))).toEqual([2, 4, 6]);
  });

  it('names cells for those who listen', () => {
    expect([cellLabel(0, 0), cellLabel(5, 1)]).toEqual(['Row 1, column 1, empty', 'Row 2, column 3, X']);
  });
});
