/** Frame is one change of state, after it was applied. */
export interface Frame {
  /** The tick of the state. */
  readonly tick: number;
  /** chain: from the frame before; ring: from an older state after frames were skipped; whole: from nothing. */
  readonly kind: "chain" | "ring" | "whole";
  /** The size of the WebSocket message that carried it. */
  readonly bytes: number;
}

/** EventInfo says where an event of the game came from. */
export interface EventInfo {
  /** The event's name in the schema. */
  readonly name: string;
  /** The tick in which it happened. */
  readonly tick: number;
  /** 1, 2, 3 … within the session. */
  readonly seq: number;
}

/** Drop says why a connection was lost that the room is now trying to replace. */
export interface Drop {
  /** One of Code, such as Code.NETWORK. */
  readonly code: number;
  readonly message: string;
}

/** Reconnect says how a room came back. */
export interface Reconnect {
  /** How many events of the game the server no longer had: they are missed for good. */
  readonly lostEvents: number;
  /** Whether the state came whole; if not, as the difference to what this client still held. */
  readonly whole: boolean;
  /** From the loss to the first new state, in milliseconds. */
  readonly took: number;
}

/** Leave says why a room ended for this client. */
export interface Leave {
  /** One of Code. Code.LEFT if this client left by itself. */
  readonly code: number;
  readonly message: string;
}

/** Stats are measured by the client about once a second. */
export interface Stats {
  /** Round trip in milliseconds, without the time the server held the ping back, at least 0.1; 0 before the first answer. */
  readonly ping: number;
  readonly framesPerSecond: number;
  /** Payload bytes of WebSocket messages. */
  readonly bytesPerSecond: number;
  /** The newest tick applied. */
  readonly tick: number;
  /** Frames whose hash differed from the copy's. A bug if it is not 0. */
  readonly desyncs: number;
  /** How early inputs arrive at the server, in ticks; negative: late. */
  readonly slack: number;
  /** How many ticks ahead of the newest state inputs are sent. */
  readonly lead: number;
}

/** Unsubscribe ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;
