/** TokenStorage is what is used of sessionStorage, or of anything like it. */
export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** StoredSeat is what a page needs to come back to a session after it was loaded again. */
export interface StoredSeat {
  readonly token: string;
  readonly game: string;
  readonly code: string;
}

/** More rooms than this at once are not worth remembering; the oldest go. */
const maxSeats = 16;

/** Seats are the sessions of one server that can be taken up again. All of it is best effort: storage may be forbidden. */
export class Seats {
  private readonly storage: TokenStorage | undefined;
  private readonly key: string;

  /** server keeps the tokens of different servers apart. */
  constructor(storage: TokenStorage | undefined, server: string) {
    this.storage = storage;
    this.key = "tickwire:" + server;
  }

  /** save remembers a seat as the newest. */
  save(roomId: string, seat: StoredSeat): void {
    this.change((seats) => {
      seats.delete(roomId);
      seats.set(roomId, seat);
      for (const id of seats.keys()) if (seats.size > maxSeats) seats.delete(id);
    });
  }

  remove(roomId: string): void {
    this.change((seats) => seats.delete(roomId));
  }

  /** find is the seat in a room, by its ID or code; without one the newest seat. */
  find(room?: string | { code: string }): { roomId: string; seat: StoredSeat } | undefined {
    const code = typeof room === "object" ? room.code.toUpperCase() : undefined;
    for (const [roomId, seat] of [...this.read()].reverse()) {
      if (code === undefined ? room === undefined || room === roomId : seat.code.toUpperCase() === code) return { roomId, seat };
    }
    return undefined;
  }

  private read(): Map<string, StoredSeat> {
    const seats = new Map<string, StoredSeat>();
    try {
      // Anybody can write there: only what looks like a seat is one.
      for (const [id, seat] of JSON.parse(this.storage?.getItem(this.key) ?? "[]") as [unknown, StoredSeat][]) {
        const { token, game, code } = seat;
        if ([id, token, game, code].every((text) => typeof text === "string")) seats.set(id as string, { token, game, code });
      }
    } catch {
      // Not ours, or not readable: then there is nothing to come back to.
    }
    return seats;
  }

  private change(what: (seats: Map<string, StoredSeat>) => void): void {
    if (!this.storage) return;
    const seats = this.read();
    what(seats);
    try {
      if (seats.size > 0) this.storage.setItem(this.key, JSON.stringify([...seats]));
      else this.storage.removeItem(this.key);
    } catch {
      // Full or forbidden: the page plays on, and a page that is loaded again is a new player.
    }
  }
}
