import type { Table } from '@tickwire/client';

/** What is in a cell, and who draws it. */
export const Mark = { Empty: 0, X: 1, O: 2 } as const;
/** The course of a game. */
export const Phase = { Waiting: 0, Playing: 1, Over: 2 } as const;

export interface Board {
  cells: readonly number[];
  phase: number;
  turn: number;
  winner: number;
  line: readonly number[];
}

export interface Seat {
  name: string;
  mark: number;
  wins: number;
  again: boolean;
  /** Has lost the connection and may come back. Absent where the game does not say. */
  away?: boolean;
}

/** What the game replicates; players stand under their ID. */
export interface TicTacToeState {
  board: Board;
  players: Table<Seat>;
}

/** The winner's three cells; undefined if nobody has a line. */
export function winLine(board: Board): readonly number[] | undefined {
  const [a, b, c] = board.line;
  return board.phase === Phase.Over && a !== undefined && b !== undefined && c !== undefined && (a !== b || b !== c) ? [a, b, c] : undefined;
}

/** What to tell a player, in one line. */
export function headline(board: Board, own: number, opponent: string | undefined, away = false): string {
  const them = opponent ?? 'your opponent';
  if (board.phase === Phase.Waiting || (board.phase === Phase.Playing && opponent === undefined)) return 'Waiting for a second player …';
  if (board.phase === Phase.Playing && away && board.turn !== own) return `${them} has lost the connection …`;
  if (board.phase === Phase.Playing) return board.turn === own ? 'Your turn' : `${them} is thinking …`;
  if (board.winner === 0) return 'A draw';
  if (board.winner !== own) return `${them} has won`;
  return winLine(board) ? 'You have won!' : 'You have won: the other player left';
}

/** A cell for a screen reader: "Row 1, column 3, X". */
export function cellLabel(index: number, mark: number): string {
  const what = mark === Mark.X ? 'X' : mark === Mark.O ? 'O' : 'empty';
  return `Row ${Math.floor(index / 3) + 1}, column ${(index % 3) + 1}, ${what}`;
}
