import { Code, isLoss, isRefusal, TickwireError } from "./error.js";
import type { Plan } from "./line.js";
import { type Call, listAnswer, makeCall, type Seat, seatAnswer } from "./lobby.js";
import { Room } from "./room.js";
import { Seats, type TokenStorage } from "./seats.js";
import { type Opened, type Opening, openSocket, type SocketClass } from "./socket.js";
import type { State } from "./table.js";

/** ClientOptions are optional settings of a Client. */
export interface ClientOptions {
  /** The player's display name in every room; a call's own name wins. */
  name?: string;
  /** How state is sent: "packed" (default) or "plain", which is easier to read in a debugger and five times as long. */
  codec?: "packed" | "plain";
  /** Sent as `Authorization: Bearer …`, if the server asks who the player is. */
  token?: string;
  /** Stands in for the global fetch. */
  fetch?: typeof fetch;
  /** Stands in for the global WebSocket, for example that of the package ws in Node. */
  WebSocket?: SocketClass;
  /**
   * Whether a room replaces a connection that was lost; default true. A signal: until it is aborted; rooms that are
   * without a connection then end with ABORTED.
   */
  reconnect?: boolean | AbortSignal;
  /**
   * Where the tokens of rooms are kept for resumeStored, for example sessionStorage. Whoever can read it can take the
   * player's seats. Default: nowhere.
   */
  storage?: TokenStorage;
  /** Whether a room whose page is hidden asks for one frame a second only; default true. */
  slowWhenHidden?: boolean;
}

/** JoinOptions are what may be said when a seat is taken. */
export interface JoinOptions {
  /** The player's display name, at most 32 bytes. */
  name?: string;
  /** Ends the call; has no effect on a room that was joined. */
  signal?: AbortSignal;
}

/** FindOptions narrow joinOrCreate. */
export interface FindOptions extends JoinOptions {
  /** Only rooms that have all of these; a new room gets them. */
  options?: Record<string, string>;
}

/** CreateOptions describe a new room. */
export interface CreateOptions extends FindOptions {
  /** Not listed; others join with Room.code. */
  private?: boolean;
}

/** ListOptions narrow a list. */
export interface ListOptions {
  game?: string;
  options?: Record<string, string>;
  /** Where an earlier list stopped. */
  page?: string;
  signal?: AbortSignal;
}

/** RoomInfo is a room as the lobby shows it. */
export interface RoomInfo {
  readonly id: string;
  readonly game: string;
  readonly players: number;
  readonly maxPlayers: number;
  readonly options: Readonly<Record<string, string>>;
}

/** GameInfo is a game that the server runs. */
export interface GameInfo {
  readonly name: string;
  readonly maxPlayers: number;
  readonly rate: number;
}

/** RoomList is a page of public rooms. */
export interface RoomList {
  readonly rooms: readonly RoomInfo[];
  readonly games: readonly GameInfo[];
  /** To be given as `page` to read on; absent: that was all. */
  readonly nextPage?: string;
}

/** The room that every server has: its state is the list of the others. */
const lobbyGame = "lobby";

/** Client finds rooms and takes seats in them. It holds no connection; the rooms it gives do. */
export class Client {
  readonly #call: Call;
  readonly #options: ClientOptions;
  readonly #seats: Seats;

  /** url is where the server is: http:// or https://, or a path of the page's own server. */
  constructor(url: string, options: ClientOptions = {}) {
    const fetcher = options.fetch ?? globalThis.fetch.bind(globalThis);
    const base = baseOf(url);
    this.#call = makeCall(base, fetcher, options.token);
    this.#options = options;
    this.#seats = new Seats(options.storage, base);
  }

  /** list names the public rooms that can be joined, and the games. */
  async list({ game, options, page, signal }: ListOptions = {}): Promise<RoomList> {
    const { rooms, games, nextPage } = await this.#call("List", [, game, options, , page], listAnswer, signal);
    return { rooms, games, ...(nextPage && { nextPage }) };
  }

  /** create makes a room and takes a seat in it. */
  async create<S = State>(game: string, create: CreateOptions = {}): Promise<Room<S>> {
    const { options, signal } = create;
    const { seat } = await this.#call("Create", [, game, this.#name(create), options, create.private], seatAnswer, signal);
    return this.#open(seat, signal);
  }

  /** join takes a seat in a room, by its ID or by the code of a private one. */
  async join<S = State>(room: string | { code: string }, join: JoinOptions = {}): Promise<Room<S>> {
    const [id, code] = typeof room === "string" ? [room, undefined] : [undefined, room.code];
    const { seat } = await this.#call("Join", [, id, code, this.#name(join)], seatAnswer, join.signal);
    return this.#open(seat, join.signal);
  }

  /** joinOrCreate takes a seat in any public room of a game that has a free one, or makes a room. */
  async joinOrCreate<S = State>(game: string, find: FindOptions = {}): Promise<Room<S>> {
    const { options, signal } = find;
    const { seat } = await this.#call("JoinOrCreate", [, game, this.#name(find), options], seatAnswer, signal);
    return this.#open(seat, signal);
  }

  /** lobby joins the room whose state is the live list of rooms. */
  lobby<S = State>(join: JoinOptions = {}): Promise<Room<S>> {
    return this.joinOrCreate<S>(lobbyGame, join);
  }

  /**
   * resume takes up a session again by Room.token, on a page that was loaded again or on another device. It has what the
   * room had, but for what the client itself kept. A connection that still has the session ends with SUPERSEDED. Rejects
   * with UNAUTHENTICATED, FORBIDDEN or NOT_FOUND when the token is not good any more.
   */
  async resume<S = State>(token: string, { signal }: { signal?: AbortSignal } = {}): Promise<Room<S>> {
    const { seat } = await this.#call("Resume", [, token], seatAnswer, signal);
    return this.#open(seat, signal, true);
  }

  /**
   * resumeStored resumes a session that is in ClientOptions.storage: that in a room, by its ID or code, or the newest.
   * Resolves with nothing if there is none, or if it has ended; rejects if that cannot be known now.
   */
  async resumeStored<S = State>(room?: string | { code: string }, options: { signal?: AbortSignal } = {}): Promise<Room<S> | undefined> {
    const found = this.#seats.find(room);
    if (!found) return undefined;
    try {
      return await this.resume<S>(found.seat.token, options);
    } catch (e) {
      const { code } = e as TickwireError;
      if (!isRefusal(code) && (isLoss(code) || code === Code.STOPPING)) throw e;
      this.#seats.remove(found.roomId);
      return undefined;
    }
  }

  #name(join: JoinOptions): string {
    return join.name ?? this.#options.name ?? "";
  }

  async #open<S>(seat: Seat | undefined, signal: AbortSignal | undefined, resumes = false): Promise<Room<S>> {
    return openSocket(given(seat), { ...this.#opening(), signal, resumes }, (opened) => {
      const { reconnect = true, slowWhenHidden = true } = this.#options;
      const plan: Plan = { reconnect, seats: this.#seats, again: (...args) => this.#again(opened, ...args) };
      return new Room<S>(opened, plan, slowWhenHidden);
    });
  }

  /** Opens one more connection to a session, see Plan. */
  async #again({ schema, sessionId }: Opened, ...[token, kept, signal, done]: Parameters<Plan["again"]>): Promise<TickwireError | undefined> {
    let seat: Seat | undefined;
    try {
      ({ seat } = await this.#call("Resume", [, token], seatAnswer, signal));
    } catch (e) {
      if (isRefusal((e as TickwireError).code)) return e as TickwireError;
      throw e; // also an answer that makes no sense: it may be of something between here and the server
    }
    try {
      await openSocket(given(seat), { ...this.#opening(), signal, resumes: true, kept: { ...kept, schema, sessionId } }, done);
      return undefined;
    } catch (e) {
      if (isLoss((e as TickwireError).code)) throw e;
      return e as TickwireError;
    }
  }

  #opening(): Pick<Opening, "make" | "codec"> {
    return { make: this.#options.WebSocket ?? globalThis.WebSocket, codec: this.#options.codec ?? "packed" };
  }
}

function given(seat: Seat | undefined): Seat {
  if (!seat) throw new TickwireError(Code.MALFORMED, "the lobby gave no seat");
  return seat;
}

/** baseOf is the address of the lobby, without a slash at its end. */
function baseOf(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  try {
    const { protocol, host, pathname } = new URL(url, page);
    return `${protocol.replace(/^ws/, "http")}//${host}${pathname.replace(/\/+$/, "")}`;
  } catch (e) {
    throw new TickwireError(Code.NETWORK, `${JSON.stringify(url)} is not an address`, { cause: e });
  }
}
