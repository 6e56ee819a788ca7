import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Code } from "./error_pb.js";
import type { Schema } from "./schema_pb.js";
import type { Delta } from "./state_pb.js";
import type { Message } from "@bufbuild/protobuf";
/**
 * Describes the file tickwire/v1/session.proto.
 */
export declare const file_tickwire_v1_session: GenFile;
/**
 * ClientFrame is one binary WebSocket message from a client. All fields are optional; the first frame of a connection
 * must carry hello, later ones must not.
 *
 * @generated from message tickwire.v1.ClientFrame
 */
export type ClientFrame = Message<"tickwire.v1.ClientFrame"> & {
    /**
     * The newest tick whose state the client has applied. 0: none yet.
     *
     * @generated from field: uint32 ack = 1;
     */
    ack: number;
    /**
     * The tick that inputs[0] is meant for; inputs[i] is meant for first + i.
     *
     * @generated from field: uint32 first = 2;
     */
    first: number;
    /**
     * Inputs of consecutive ticks, one a tick. At most 32.
     *
     * @generated from field: repeated tickwire.v1.Input inputs = 3;
     */
    inputs: Input[];
    /**
     * How far the picture on the player's screen lies behind ack, in eighths of a tick; used to rewind for hits.
     *
     * @generated from field: uint32 view = 4;
     */
    view: number;
    /**
     * A request for a pong. At most one a second, burst 5.
     *
     * @generated from field: tickwire.v1.Ping ping = 5;
     */
    ping?: Ping | undefined;
    /**
     * Opens the session; exactly once, in the first frame.
     *
     * @generated from field: tickwire.v1.Hello hello = 6;
     */
    hello?: Hello | undefined;
    /**
     * Reliable messages to the game, in ascending order of seq. At most 32.
     *
     * @generated from field: repeated tickwire.v1.Command commands = 7;
     */
    commands: Command[];
    /**
     * Asks for a whole state because the client's copy cannot be trusted.
     *
     * @generated from field: tickwire.v1.Resync resync = 8;
     */
    resync?: Resync | undefined;
};
/**
 * Describes the message tickwire.v1.ClientFrame.
 * Use `create(ClientFrameSchema)` to create a new message.
 */
export declare const ClientFrameSchema: GenMessage<ClientFrame>;
/**
 * ServerFrame is one binary WebSocket message from the server. A frame that carries state has body or delta set,
 * according to the codec of Welcome; other frames leave tick and base out unless a field says otherwise.
 *
 * @generated from message tickwire.v1.ServerFrame
 */
export type ServerFrame = Message<"tickwire.v1.ServerFrame"> & {
    /**
     * The tick of the state. Left out on chain frames: it is then the last frame's tick + stride. Also set on frames
     * that carry events and no state.
     *
     * @generated from field: uint32 tick = 1;
     */
    tick: number;
    /**
     * What the state is a difference to. 0: the last frame, one stride ago (chain). 1: nothing (whole).
     * n >= 2: the state n - 1 ticks ago, which is that of the last frame sent (ring).
     *
     * @generated from field: uint32 base = 2;
     */
    base: number;
    /**
     * tick minus the number of the newest input of this player that the game has been given; equal to tick if none.
     *
     * @generated from field: uint32 input_age = 3;
     */
    inputAge: number;
    /**
     * How early this player's inputs arrive: the least lead over the last second, in eighths of a tick; negative: late.
     *
     * @generated from field: sint32 slack = 4;
     */
    slack: number;
    /**
     * The state in the packed codec: a bit stream, see PROTOCOL.md.
     *
     * @generated from field: bytes body = 5;
     */
    body: Uint8Array;
    /**
     * The state in the plain codec.
     *
     * @generated from field: tickwire.v1.Delta delta = 6;
     */
    delta?: Delta | undefined;
    /**
     * What happened, oldest first; each is sent until a frame that carries it was written.
     *
     * @generated from field: repeated tickwire.v1.Event events = 7;
     */
    events: Event[];
    /**
     * Hash of all that the client should hold after this frame; see PROTOCOL.md. Present about every 64 ticks.
     *
     * @generated from field: optional fixed32 hash = 8;
     */
    hash?: number | undefined;
    /**
     * The answer to a ping.
     *
     * @generated from field: tickwire.v1.Pong pong = 9;
     */
    pong?: Pong | undefined;
    /**
     * The first frame of a connection carries it.
     *
     * @generated from field: tickwire.v1.Welcome welcome = 10;
     */
    welcome?: Welcome | undefined;
    /**
     * The last frame of a connection carries it; a close frame with the same code follows.
     *
     * @generated from field: tickwire.v1.Bye bye = 11;
     */
    bye?: Bye | undefined;
    /**
     * Answers to commands, in the order of their seq.
     *
     * @generated from field: repeated tickwire.v1.Answer answers = 12;
     */
    answers: Answer[];
    /**
     * Ticks between two frames from this one on. Left out when it is as before.
     *
     * @generated from field: uint32 stride = 13;
     */
    stride: number;
};
/**
 * Describes the message tickwire.v1.ServerFrame.
 * Use `create(ServerFrameSchema)` to create a new message.
 */
export declare const ServerFrameSchema: GenMessage<ServerFrame>;
/**
 * Hello opens a session on a connection whose ticket was accepted.
 *
 * @generated from message tickwire.v1.Hello
 */
export type Hello = Message<"tickwire.v1.Hello"> & {
    /**
     * What the client can read, best first; the server takes the first that it knows. Empty: plain.
     *
     * @generated from field: repeated tickwire.v1.Codec codecs = 1;
     */
    codecs: Codec[];
    /**
     * Name and version of the client library, for logs. At most 64 bytes of printable ASCII.
     *
     * @generated from field: string agent = 2;
     */
    agent: string;
};
/**
 * Describes the message tickwire.v1.Hello.
 * Use `create(HelloSchema)` to create a new message.
 */
export declare const HelloSchema: GenMessage<Hello>;
/**
 * Welcome tells a client where it is.
 *
 * @generated from message tickwire.v1.Welcome
 */
export type Welcome = Message<"tickwire.v1.Welcome"> & {
    /**
     * The room, as in Seat.
     *
     * @generated from field: string room_id = 1;
     */
    roomId: string;
    /**
     * The session, as in Seat. An identifier, not a credential.
     *
     * @generated from field: string session_id = 2;
     */
    sessionId: string;
    /**
     * The player's ID in the game: the number of its rows, by the game's own habit.
     *
     * @generated from field: uint32 player = 3;
     */
    player: number;
    /**
     * Ticks a second.
     *
     * @generated from field: uint32 rate = 4;
     */
    rate: number;
    /**
     * Ticks between two frames.
     *
     * @generated from field: uint32 stride = 5;
     */
    stride: number;
    /**
     * The codec of all state on this connection.
     *
     * @generated from field: tickwire.v1.Codec codec = 6;
     */
    codec: Codec;
    /**
     * Tables, inputs, commands and events of the game.
     *
     * @generated from field: tickwire.v1.Schema schema = 7;
     */
    schema?: Schema | undefined;
    /**
     * The game's name.
     *
     * @generated from field: string game = 8;
     */
    game: string;
};
/**
 * Describes the message tickwire.v1.Welcome.
 * Use `create(WelcomeSchema)` to create a new message.
 */
export declare const WelcomeSchema: GenMessage<Welcome>;
/**
 * Bye says why the server ends the connection.
 *
 * @generated from message tickwire.v1.Bye
 */
export type Bye = Message<"tickwire.v1.Bye"> & {
    /**
     * The reason; also the code of the close frame that follows.
     *
     * @generated from field: tickwire.v1.Code code = 1;
     */
    code: Code;
    /**
     * One sentence for a person.
     *
     * @generated from field: string message = 2;
     */
    message: string;
};
/**
 * Describes the message tickwire.v1.Bye.
 * Use `create(ByeSchema)` to create a new message.
 */
export declare const ByeSchema: GenMessage<Bye>;
/**
 * Input is what a player does in one tick. Fields in the order of the schema; trailing zeros may be left out.
 *
 * @generated from message tickwire.v1.Input
 */
export type Input = Message<"tickwire.v1.Input"> & {
    /**
     * Integers, booleans (0 or 1) and scaled floats.
     *
     * @generated from field: repeated sint64 values = 1;
     */
    values: bigint[];
    /**
     * Strings and bytes.
     *
     * @generated from field: repeated bytes blobs = 2;
     */
    blobs: Uint8Array[];
};
/**
 * Describes the message tickwire.v1.Input.
 * Use `create(InputSchema)` to create a new message.
 */
export declare const InputSchema: GenMessage<Input>;
/**
 * Command is a reliable message to the game: applied exactly once, in order.
 *
 * @generated from message tickwire.v1.Command
 */
export type Command = Message<"tickwire.v1.Command"> & {
    /**
     * 1, 2, 3 … within a session.
     *
     * @generated from field: uint32 seq = 1;
     */
    seq: number;
    /**
     * Index into Schema.commands.
     *
     * @generated from field: uint32 type = 2;
     */
    type: number;
    /**
     * Integers, booleans and scaled floats, in the order of the schema; trailing zeros may be left out.
     *
     * @generated from field: repeated sint64 values = 3;
     */
    values: bigint[];
    /**
     * Strings and bytes.
     *
     * @generated from field: repeated bytes blobs = 4;
     */
    blobs: Uint8Array[];
};
/**
 * Describes the message tickwire.v1.Command.
 * Use `create(CommandSchema)` to create a new message.
 */
export declare const CommandSchema: GenMessage<Command>;
/**
 * Answer tells a client what became of a command.
 *
 * @generated from message tickwire.v1.Answer
 */
export type Answer = Message<"tickwire.v1.Answer"> & {
    /**
     * The command's seq.
     *
     * @generated from field: uint32 seq = 1;
     */
    seq: number;
    /**
     * 0: the game took it. Else the game's own number for the reason it did not.
     *
     * @generated from field: uint32 refusal = 2;
     */
    refusal: number;
    /**
     * The reason in words, when refused.
     *
     * @generated from field: string why = 3;
     */
    why: string;
};
/**
 * Describes the message tickwire.v1.Answer.
 * Use `create(AnswerSchema)` to create a new message.
 */
export declare const AnswerSchema: GenMessage<Answer>;
/**
 * Event is something that happened in the game.
 *
 * @generated from message tickwire.v1.Event
 */
export type Event = Message<"tickwire.v1.Event"> & {
    /**
     * 1, 2, 3 … within a session, without gaps.
     *
     * @generated from field: uint32 seq = 1;
     */
    seq: number;
    /**
     * Index into Schema.events.
     *
     * @generated from field: uint32 type = 2;
     */
    type: number;
    /**
     * Ticks between the event and this frame's tick.
     *
     * @generated from field: uint32 age = 3;
     */
    age: number;
    /**
     * Integers, booleans and scaled floats, in the order of the schema; trailing zeros may be left out.
     *
     * @generated from field: repeated sint64 values = 4;
     */
    values: bigint[];
    /**
     * Strings and bytes.
     *
     * @generated from field: repeated bytes blobs = 5;
     */
    blobs: Uint8Array[];
};
/**
 * Describes the message tickwire.v1.Event.
 * Use `create(EventSchema)` to create a new message.
 */
export declare const EventSchema: GenMessage<Event>;
/**
 * Ping asks for a Pong.
 *
 * @generated from message tickwire.v1.Ping
 */
export type Ping = Message<"tickwire.v1.Ping"> & {
    /**
     * Chosen by the client.
     *
     * @generated from field: uint32 id = 1;
     */
    id: number;
};
/**
 * Describes the message tickwire.v1.Ping.
 * Use `create(PingSchema)` to create a new message.
 */
export declare const PingSchema: GenMessage<Ping>;
/**
 * Pong answers a Ping.
 *
 * @generated from message tickwire.v1.Pong
 */
export type Pong = Message<"tickwire.v1.Pong"> & {
    /**
     * The id of the ping.
     *
     * @generated from field: uint32 id = 1;
     */
    id: number;
    /**
     * The tick at which the ping was taken.
     *
     * @generated from field: uint32 tick = 2;
     */
    tick: number;
    /**
     * How long the ping waited in the server for the next frame, in microseconds; subtract it from the round trip.
     *
     * @generated from field: uint32 held_us = 3;
     */
    heldUs: number;
};
/**
 * Describes the message tickwire.v1.Pong.
 * Use `create(PongSchema)` to create a new message.
 */
export declare const PongSchema: GenMessage<Pong>;
/**
 * Resync says that the client's copy is not right; the next state it gets is whole.
 *
 * @generated from message tickwire.v1.Resync
 */
export type Resync = Message<"tickwire.v1.Resync"> & {
    /**
     * The tick of the frame at which it was noticed.
     *
     * @generated from field: uint32 tick = 1;
     */
    tick: number;
    /**
     * Why.
     *
     * @generated from field: tickwire.v1.ResyncReason reason = 2;
     */
    reason: ResyncReason;
};
/**
 * Describes the message tickwire.v1.Resync.
 * Use `create(ResyncSchema)` to create a new message.
 */
export declare const ResyncSchema: GenMessage<Resync>;
/**
 * Codec names a way to write state.
 *
 * @generated from enum tickwire.v1.Codec
 */
export declare enum Codec {
    /**
     * Never sent.
     *
     * @generated from enum value: CODEC_UNSPECIFIED = 0;
     */
    UNSPECIFIED = 0,
    /**
     * Ordinary protobuf rows in ServerFrame.delta: any protobuf library is a client.
     *
     * @generated from enum value: CODEC_PLAIN = 1;
     */
    PLAIN = 1,
    /**
     * A bit stream in ServerFrame.body: a fifth of the bytes.
     *
     * @generated from enum value: CODEC_PACKED = 2;
     */
    PACKED = 2
}
/**
 * Describes the enum tickwire.v1.Codec.
 */
export declare const CodecSchema: GenEnum<Codec>;
/**
 * ResyncReason is why a client's copy cannot be trusted.
 *
 * @generated from enum tickwire.v1.ResyncReason
 */
export declare enum ResyncReason {
    /**
     * Never sent.
     *
     * @generated from enum value: RESYNC_REASON_UNSPECIFIED = 0;
     */
    UNSPECIFIED = 0,
    /**
     * The hash of a frame differs from the hash of the copy. Counted by the server as a bug.
     *
     * @generated from enum value: RESYNC_REASON_HASH = 1;
     */
    HASH = 1,
    /**
     * A frame could not be decoded.
     *
     * @generated from enum value: RESYNC_REASON_FRAME = 2;
     */
    FRAME = 2
}
/**
 * Describes the enum tickwire.v1.ResyncReason.
 */
export declare const ResyncReasonSchema: GenEnum<ResyncReason>;
