import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";
/**
 * Describes the file tickwire/v1/lobby.proto.
 */
export declare const file_tickwire_v1_lobby: GenFile;
/**
 * Room is a room as the lobby shows it.
 *
 * @generated from message tickwire.v1.Room
 */
export type Room = Message<"tickwire.v1.Room"> & {
    /**
     * Its ID.
     *
     * @generated from field: string id = 1;
     */
    id: string;
    /**
     * The game's name.
     *
     * @generated from field: string game = 2;
     */
    game: string;
    /**
     * Players in it.
     *
     * @generated from field: uint32 players = 3;
     */
    players: number;
    /**
     * Seats.
     *
     * @generated from field: uint32 max_players = 4;
     */
    maxPlayers: number;
    /**
     * What its creator chose.
     *
     * @generated from field: map<string, string> options = 5;
     */
    options: {
        [key: string]: string;
    };
};
/**
 * Describes the message tickwire.v1.Room.
 * Use `create(RoomSchema)` to create a new message.
 */
export declare const RoomSchema: GenMessage<Room>;
/**
 * Seat is a place in a room, kept for 15 s until a WebSocket is opened with its ticket.
 *
 * @generated from message tickwire.v1.Seat
 */
export type Seat = Message<"tickwire.v1.Seat"> & {
    /**
     * Where to connect: ws:// or wss://.
     *
     * @generated from field: string url = 1;
     */
    url: string;
    /**
     * A secret, good for one connection: offered as sub-protocol "ticket." + ticket beside "tickwire.v1".
     *
     * @generated from field: string ticket = 2;
     */
    ticket: string;
    /**
     * The room.
     *
     * @generated from field: string room_id = 3;
     */
    roomId: string;
    /**
     * The session. An identifier, not a credential.
     *
     * @generated from field: string session_id = 4;
     */
    sessionId: string;
    /**
     * The room's code for inviting others, if the room is private.
     *
     * @generated from field: string code = 5;
     */
    code: string;
};
/**
 * Describes the message tickwire.v1.Seat.
 * Use `create(SeatSchema)` to create a new message.
 */
export declare const SeatSchema: GenMessage<Seat>;
/**
 * ListRequest asks for rooms.
 *
 * @generated from message tickwire.v1.ListRequest
 */
export type ListRequest = Message<"tickwire.v1.ListRequest"> & {
    /**
     * Only rooms of this game. Empty: all games.
     *
     * @generated from field: string game = 1;
     */
    game: string;
    /**
     * Only rooms that have all of these options.
     *
     * @generated from field: map<string, string> options = 2;
     */
    options: {
        [key: string]: string;
    };
    /**
     * Greatest number of rooms. 0: 100; at most 100.
     *
     * @generated from field: uint32 limit = 3;
     */
    limit: number;
    /**
     * Where an earlier answer stopped.
     *
     * @generated from field: string page = 4;
     */
    page: string;
};
/**
 * Describes the message tickwire.v1.ListRequest.
 * Use `create(ListRequestSchema)` to create a new message.
 */
export declare const ListRequestSchema: GenMessage<ListRequest>;
/**
 * ListResponse is a page of rooms.
 *
 * @generated from message tickwire.v1.ListResponse
 */
export type ListResponse = Message<"tickwire.v1.ListResponse"> & {
    /**
     * Rooms, oldest first.
     *
     * @generated from field: repeated tickwire.v1.Room rooms = 1;
     */
    rooms: Room[];
    /**
     * To be given as page to read on. Empty: that was all.
     *
     * @generated from field: string next_page = 2;
     */
    nextPage: string;
    /**
     * The games that rooms can be made of.
     *
     * @generated from field: repeated tickwire.v1.GameInfo games = 3;
     */
    games: GameInfo[];
};
/**
 * Describes the message tickwire.v1.ListResponse.
 * Use `create(ListResponseSchema)` to create a new message.
 */
export declare const ListResponseSchema: GenMessage<ListResponse>;
/**
 * GameInfo is a game that the server runs.
 *
 * @generated from message tickwire.v1.GameInfo
 */
export type GameInfo = Message<"tickwire.v1.GameInfo"> & {
    /**
     * Its name.
     *
     * @generated from field: string name = 1;
     */
    name: string;
    /**
     * Seats of a room.
     *
     * @generated from field: uint32 max_players = 2;
     */
    maxPlayers: number;
    /**
     * Ticks a second.
     *
     * @generated from field: uint32 rate = 3;
     */
    rate: number;
};
/**
 * Describes the message tickwire.v1.GameInfo.
 * Use `create(GameInfoSchema)` to create a new message.
 */
export declare const GameInfoSchema: GenMessage<GameInfo>;
/**
 * CreateRequest asks for a new room.
 *
 * @generated from message tickwire.v1.CreateRequest
 */
export type CreateRequest = Message<"tickwire.v1.CreateRequest"> & {
    /**
     * The game's name.
     *
     * @generated from field: string game = 1;
     */
    game: string;
    /**
     * The player's display name. At most 32 bytes; empty: the server chooses.
     *
     * @generated from field: string name = 2;
     */
    name: string;
    /**
     * Choices that the game understands. At most 16, keys up to 32 bytes, values up to 128.
     *
     * @generated from field: map<string, string> options = 3;
     */
    options: {
        [key: string]: string;
    };
    /**
     * Not listed; joined by its code only.
     *
     * @generated from field: bool private = 4;
     */
    private: boolean;
};
/**
 * Describes the message tickwire.v1.CreateRequest.
 * Use `create(CreateRequestSchema)` to create a new message.
 */
export declare const CreateRequestSchema: GenMessage<CreateRequest>;
/**
 * CreateResponse is a seat in the new room.
 *
 * @generated from message tickwire.v1.CreateResponse
 */
export type CreateResponse = Message<"tickwire.v1.CreateResponse"> & {
    /**
     * The seat.
     *
     * @generated from field: tickwire.v1.Seat seat = 1;
     */
    seat?: Seat | undefined;
};
/**
 * Describes the message tickwire.v1.CreateResponse.
 * Use `create(CreateResponseSchema)` to create a new message.
 */
export declare const CreateResponseSchema: GenMessage<CreateResponse>;
/**
 * JoinRequest asks for a seat in a room.
 *
 * @generated from message tickwire.v1.JoinRequest
 */
export type JoinRequest = Message<"tickwire.v1.JoinRequest"> & {
    /**
     * The room.
     *
     * @generated from oneof tickwire.v1.JoinRequest.room
     */
    room: {
        /**
         * A public room's ID.
         *
         * @generated from field: string room_id = 1;
         */
        value: string;
        case: "roomId";
    } | {
        /**
         * A private room's code; upper and lower case are the same.
         *
         * @generated from field: string code = 2;
         */
        value: string;
        case: "code";
    } | {
        case: undefined;
        value?: undefined;
    };
    /**
     * The player's display name. At most 32 bytes; empty: the server chooses.
     *
     * @generated from field: string name = 3;
     */
    name: string;
};
/**
 * Describes the message tickwire.v1.JoinRequest.
 * Use `create(JoinRequestSchema)` to create a new message.
 */
export declare const JoinRequestSchema: GenMessage<JoinRequest>;
/**
 * JoinResponse is a seat in the room.
 *
 * @generated from message tickwire.v1.JoinResponse
 */
export type JoinResponse = Message<"tickwire.v1.JoinResponse"> & {
    /**
     * The seat.
     *
     * @generated from field: tickwire.v1.Seat seat = 1;
     */
    seat?: Seat | undefined;
};
/**
 * Describes the message tickwire.v1.JoinResponse.
 * Use `create(JoinResponseSchema)` to create a new message.
 */
export declare const JoinResponseSchema: GenMessage<JoinResponse>;
/**
 * JoinOrCreateRequest asks for a seat in any room of a game.
 *
 * @generated from message tickwire.v1.JoinOrCreateRequest
 */
export type JoinOrCreateRequest = Message<"tickwire.v1.JoinOrCreateRequest"> & {
    /**
     * The game's name.
     *
     * @generated from field: string game = 1;
     */
    game: string;
    /**
     * The player's display name. At most 32 bytes; empty: the server chooses.
     *
     * @generated from field: string name = 2;
     */
    name: string;
    /**
     * Only rooms that have all of these options; a new room gets them.
     *
     * @generated from field: map<string, string> options = 3;
     */
    options: {
        [key: string]: string;
    };
};
/**
 * Describes the message tickwire.v1.JoinOrCreateRequest.
 * Use `create(JoinOrCreateRequestSchema)` to create a new message.
 */
export declare const JoinOrCreateRequestSchema: GenMessage<JoinOrCreateRequest>;
/**
 * JoinOrCreateResponse is a seat.
 *
 * @generated from message tickwire.v1.JoinOrCreateResponse
 */
export type JoinOrCreateResponse = Message<"tickwire.v1.JoinOrCreateResponse"> & {
    /**
     * The seat.
     *
     * @generated from field: tickwire.v1.Seat seat = 1;
     */
    seat?: Seat | undefined;
};
/**
 * Describes the message tickwire.v1.JoinOrCreateResponse.
 * Use `create(JoinOrCreateResponseSchema)` to create a new message.
 */
export declare const JoinOrCreateResponseSchema: GenMessage<JoinOrCreateResponse>;
/**
 * LobbyService finds rooms and gives seats, over HTTP (Connect protocol: protobuf or JSON). A failed call carries an
 * Error detail with the Code. The caller's identity comes from the Authorization header, if the server asks for one.
 *
 * @generated from service tickwire.v1.LobbyService
 */
export declare const LobbyService: GenService<{
    /**
     * List names the public rooms that can be joined.
     *
     * @generated from rpc tickwire.v1.LobbyService.List
     */
    list: {
        methodKind: "unary";
        input: typeof ListRequestSchema;
        output: typeof ListResponseSchema;
    };
    /**
     * Create makes a room and gives a seat in it.
     *
     * @generated from rpc tickwire.v1.LobbyService.Create
     */
    create: {
        methodKind: "unary";
        input: typeof CreateRequestSchema;
        output: typeof CreateResponseSchema;
    };
    /**
     * Join gives a seat in a room that is there.
     *
     * @generated from rpc tickwire.v1.LobbyService.Join
     */
    join: {
        methodKind: "unary";
        input: typeof JoinRequestSchema;
        output: typeof JoinResponseSchema;
    };
    /**
     * JoinOrCreate gives a seat in a public room of a game that has a free one, or makes a room.
     *
     * @generated from rpc tickwire.v1.LobbyService.JoinOrCreate
     */
    joinOrCreate: {
        methodKind: "unary";
        input: typeof JoinOrCreateRequestSchema;
        output: typeof JoinOrCreateResponseSchema;
    };
}>;
