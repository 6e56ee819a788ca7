import { Code, TickwireError } from "./error.js";
import * as pb from "./gen/tickwire/v1/lobby_pb.js";
import { makeCall } from "./lobby.js";
import { Room } from "./room.js";
import { openSocket } from "./socket.js";
/** The room that every server has: its state is the list of the others. */
const lobbyGame = "lobby";
/** Client finds rooms and takes seats in them. It holds no connection; the rooms it gives do. */
export class Client {
    #call;
    #options;
    /** url is where the server is: http:// or https://, or a path of the page's own server. */
    constructor(url, options = {}) {
        const fetcher = options.fetch ?? globalThis.fetch.bind(globalThis);
        this.#call = makeCall(baseOf(url), fetcher, options.token);
        this.#options = options;
    }
    /** list names the public rooms that can be joined, and the games. */
    async list({ game, options, page, signal } = {}) {
        const request = { game: game ?? "", options: options ?? {}, page: page ?? "" };
        const answer = await this.#call("List", pb.ListRequestSchema, request, pb.ListResponseSchema, signal);
        return {
            rooms: answer.rooms.map(({ id, game, players, maxPlayers, options }) => ({ id, game, players, maxPlayers, options })),
            games: answer.games.map(({ name, maxPlayers, rate }) => ({ name, maxPlayers, rate })),
            ...(answer.nextPage && { nextPage: answer.nextPage }),
        };
    }
    /** create makes a room and takes a seat in it. */
    async create(game, create = {}) {
        const { options, signal } = create;
        const request = { game, name: this.#name(create), options: options ?? {}, private: create.private ?? false };
        const { seat } = await this.#call("Create", pb.CreateRequestSchema, request, pb.CreateResponseSchema, signal);
        return this.#open(seat, signal);
    }
    /** join takes a seat in a room, by its ID or by the code of a private one. */
    async join(room, join = {}) {
        const which = typeof room === "string" ? { case: "roomId", value: room } : { case: "code", value: room.code };
        const request = { room: which, name: this.#name(join) };
        const { seat } = await this.#call("Join", pb.JoinRequestSchema, request, pb.JoinResponseSchema, join.signal);
        return this.#open(seat, join.signal);
    }
    /** joinOrCreate takes a seat in any public room of a game that has a free one, or makes a room. */
    async joinOrCreate(game, find = {}) {
        const { options, signal } = find;
        const request = { game, name: this.#name(find), options: options ?? {} };
        const { seat } = await this.#call("JoinOrCreate", pb.JoinOrCreateRequestSchema, request, pb.JoinOrCreateResponseSchema, signal);
        return this.#open(seat, signal);
    }
    /** lobby joins the room whose state is the live list of rooms. */
    lobby(join = {}) {
        return this.joinOrCreate(lobbyGame, join);
    }
    #name(join) {
        return join.name ?? this.#options.name ?? "";
    }
    #open(seat, signal) {
        if (!seat)
            throw new TickwireError(Code.MALFORMED, "the lobby gave no seat");
        const make = this.#options.WebSocket ?? globalThis.WebSocket;
        return openSocket(make, seat, this.#options.codec ?? "packed", signal, (opened) => new Room(opened));
    }
}
/** baseOf is the address of the lobby, without a slash at its end. */
function baseOf(url) {
    const page = globalThis.location?.href;
    try {
        const { protocol, host, pathname } = new URL(url, page);
        return `${protocol.replace(/^ws/, "http")}//${host}${pathname.replace(/\/+$/, "")}`;
    }
    catch (e) {
        throw new TickwireError(Code.NETWORK, `${JSON.stringify(url)} is not an address`, { cause: e });
    }
}
//# sourceMappingURL=client.js.map