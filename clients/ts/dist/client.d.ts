import { Room } from "./room.js";
import { type SocketClass } from "./socket.js";
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
/** Client finds rooms and takes seats in them. It holds no connection; the rooms it gives do. */
export declare class Client {
    #private;
    /** url is where the server is: http:// or https://, or a path of the page's own server. */
    constructor(url: string, options?: ClientOptions);
    /** list names the public rooms that can be joined, and the games. */
    list({ game, options, page, signal }?: ListOptions): Promise<RoomList>;
    /** create makes a room and takes a seat in it. */
    create<S = State>(game: string, create?: CreateOptions): Promise<Room<S>>;
    /** join takes a seat in a room, by its ID or by the code of a private one. */
    join<S = State>(room: string | {
        code: string;
    }, join?: JoinOptions): Promise<Room<S>>;
    /** joinOrCreate takes a seat in any public room of a game that has a free one, or makes a room. */
    joinOrCreate<S = State>(game: string, find?: FindOptions): Promise<Room<S>>;
    /** lobby joins the room whose state is the live list of rooms. */
    lobby<S = State>(join?: JoinOptions): Promise<Room<S>>;
}
