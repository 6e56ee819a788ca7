import { h, setText, svg } from '../dom.js';
import { plural } from '../format.js';
import type { GameRoom, GameView } from '../room.js';
import { toastRefusal } from '../toast.js';
import { Mark, Phase, cellLabel, headline, winLine, type Seat, type TicTacToeState } from './board.js';

const shapes: Record<number, string> = {
  [Mark.X]: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" class="mark x" aria-hidden="true"><path pathLength="1" d="M24 24L76 76"/><path pathLength="1" d="M76 24L24 76"/></svg>',
  [Mark.O]: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" class="mark o" aria-hidden="true"><circle pathLength="1" cx="50" cy="50" r="28"/></svg>',
};

/** Shows tic-tac-toe. The page proposes moves and never judges them: the server's answer is what counts. */
export function mountTicTacToe(root: HTMLElement, room: GameRoom<TicTacToeState>): GameView {
  const view = new TicTacToe(room);
  root.append(view.element);
  return view;
}

class TicTacToe implements GameView {
  readonly element: HTMLElement;
  private readonly cells: HTMLButtonElement[];
  private readonly drawn = new Array<number>(9).fill(Mark.Empty);
  private readonly status = h('p', { class: 'headline', role: 'status', 'aria-live': 'polite' });
  private readonly seats = { [Mark.X]: seat(Mark.X), [Mark.O]: seat(Mark.O) } as Record<number, SeatCard>;
  private readonly again = h('button', { class: 'button primary', type: 'button', hidden: true }, 'Play again');
  private readonly line = svg('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" class="line" aria-hidden="true"><path pathLength="1" d=""/></svg>');
  private readonly stop: () => void;

  constructor(private readonly room: GameRoom<TicTacToeState>) {
    this.cells = this.drawn.map((_, index) => {
      const cell = h('button', { class: 'cell', type: 'button', 'data-cell': index, onclick: () => void this.place(index) });
      cell.addEventListener('keydown', (event) => this.onKey(event, index));
      return cell;
    });
    this.again.addEventListener('click', () => void this.command('rematch', {}));
    const board = h('div', { class: 'board', role: 'group', 'aria-label': 'Board' }, ...this.cells, this.line);
    this.element = h('div', { class: 'tictactoe' }, h('div', { class: 'seats' }, ...Object.values(this.seats).map((card) => card.element)), board, this.status, this.again);
    this.stop = room.onState(() => this.show());
    this.show();
  }

  frame(): void {
    // Nothing moves by itself here: onState draws what has changed.
  }

  destroy(): void {
    this.stop();
  }

  private show(): void {
    const { board, players } = this.room.state;
    if (!board) return;
    const own = this.room.player;
    const rival = [...players].find(([id]) => id !== own)?.[1];
    this.cells.forEach((cell, index) => this.showCell(cell, index, board.cells[index] ?? Mark.Empty));
    const line = winLine(board);
    this.cells.forEach((cell, index) => cell.toggleAttribute('data-win', line?.includes(index) ?? false));
    this.drawLine(line);
    const playing = board.phase === Phase.Playing && rival !== undefined;
    this.element.dataset.phase = playing ? (board.turn === own ? 'mine' : 'theirs') : board.phase === Phase.Over ? 'over' : 'waiting';
    setText(this.status, headline(board, own, rival?.name, rival?.away));
    for (const mark of [Mark.X, Mark.O]) {
      const found = [...players].find(([, player]) => player.mark === mark);
      this.seats[mark]?.show(found?.[1], found?.[0] === own, playing && found?.[0] === board.turn);
    }
    const me = players.get(own);
    this.again.hidden = board.phase !== Phase.Over || rival === undefined;
    this.again.disabled = me?.again ?? false;
    setText(this.again, me?.again ? `Waiting for ${rival?.name ?? 'the other player'} …` : rival?.again ? `${rival.name} wants a rematch: play again` : 'Play again');
  }

  private showCell(cell: HTMLButtonElement, index: number, mark: number): void {
    cell.setAttribute('aria-label', cellLabel(index, mark));
    if (this.drawn[index] === mark) return;
    this.drawn[index] = mark;
    const shape = shapes[mark];
    cell.dataset.mark = mark === Mark.X ? 'X' : mark === Mark.O ? 'O' : '';
    cell.replaceChildren(...(shape ? [svg(shape)] : []));
  }

  private drawLine(line: readonly number[] | undefined): void {
    const path = this.line.querySelector('path');
    const middle = (cell: number) => `${50 + 100 * (cell % 3)} ${50 + 100 * Math.floor(cell / 3)}`;
    const [first, , last] = line ?? [];
    path?.setAttribute('d', first === undefined || last === undefined ? '' : `M${middle(first)}L${middle(last)}`);
  }

  private async place(cell: number): Promise<void> {
    await this.command('place', { cell });
  }

  /** Sends a command and shows the game's own words if it is refused. */
  private async command(name: string, value: object): Promise<void> {
    try {
      await this.room.command(name, value);
    } catch (error) {
      toastRefusal(error);
    }
  }

  /** The arrow keys walk over the board. */
  private onKey(event: KeyboardEvent, index: number): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.cells[(index + step + 9) % 9]?.focus();
  }
}

interface SeatCard {
  element: HTMLElement;
  show(player: Seat | undefined, own: boolean, turn: boolean): void;
}

function seat(mark: number): SeatCard {
  const name = h('strong', {});
  const wins = h('span', { class: 'wins' }); // with "you", which a long name must not push out
  const element = h('div', { class: 'seat', 'data-mark': mark === Mark.X ? 'X' : 'O' }, svg(shapes[mark] ?? ''), h('span', {}, name, wins));
  return {
    element,
    show(player, own, turn) {
      setText(name, player?.name ?? 'Free seat');
      setText(wins, player ? `${own ? 'you · ' : player.away ? 'away · ' : ''}${plural(player.wins, 'win')}` : '');
      element.toggleAttribute('data-turn', turn);
      element.toggleAttribute('data-free', !player);
      element.toggleAttribute('data-away', !own && player?.away === true);
    },
  };
}
