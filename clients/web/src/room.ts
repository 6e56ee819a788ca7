import type { Room } from '@tickwire/client';

/**
 * What the pages use of a room. A subset, so that a made-up room can stand in for a real one while drawing is worked on
 * (dev/) and in tests.
 */
export type GameRoom<S> = Pick<
  Room<S>,
  'roomId' | 'schema' | 'game' | 'player' | 'rate' | 'code' | 'state' | 'stats' | 'interpolated' | 'send' | 'command' | 'onMessage' | 'onState' | 'onDrop' | 'onReconnect' | 'onClosing' | 'onLeave' | 'connected' | 'grace' | 'leave'
>;

/** How a game is drawn into a page. frame is called once per animation frame; destroy takes back all it has put there. */
export interface GameView {
  frame(now: number): void;
  destroy(): void;
}

/** Makes the view of a game in an element that fills the page. */
export type MountGame = (root: HTMLElement, room: GameRoom<never>) => GameView;
