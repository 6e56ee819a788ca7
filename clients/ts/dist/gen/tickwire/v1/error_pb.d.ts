import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { Message } from "@bufbuild/protobuf";
/**
 * Describes the file tickwire/v1/error.proto.
 */
export declare const file_tickwire_v1_error: GenFile;
/**
 * Error is the detail of a failed lobby call.
 *
 * @generated from message tickwire.v1.Error
 */
export type Error = Message<"tickwire.v1.Error"> & {
    /**
     * Why.
     *
     * @generated from field: tickwire.v1.Code code = 1;
     */
    code: Code;
};
/**
 * Describes the message tickwire.v1.Error.
 * Use `create(ErrorSchema)` to create a new message.
 */
export declare const ErrorSchema: GenMessage<Error>;
/**
 * Code is why something was refused or ended: one closed list for the lobby, the handshake and the close frame, whose
 * close code is the number itself. 42xx: nothing went wrong. 44xx: the client's side. 45xx: the server's side.
 * The violations of WebSocket itself are closed with the codes of RFC 6455: 1002, 1003, 1007, 1009.
 *
 * @generated from enum tickwire.v1.Code
 */
export declare enum Code {
    /**
     * Never sent.
     *
     * @generated from enum value: CODE_UNSPECIFIED = 0;
     */
    UNSPECIFIED = 0,
    /**
     * The room's game came to its end. Do not retry.
     *
     * @generated from enum value: CODE_OVER = 4200;
     */
    OVER = 4200,
    /**
     * The client's bytes are not what the protocol says. A bug of the client; do not retry.
     *
     * @generated from enum value: CODE_MALFORMED = 4400;
     */
    MALFORMED = 4400,
    /**
     * No ticket, or one that is forged, expired or used. Ask the lobby for a new one.
     *
     * @generated from enum value: CODE_UNAUTHENTICATED = 4401;
     */
    UNAUTHENTICATED = 4401,
    /**
     * A foreign Origin, a wrong identity, or the ticket of another room. Do not retry.
     *
     * @generated from enum value: CODE_FORBIDDEN = 4403;
     */
    FORBIDDEN = 4403,
    /**
     * No such game, room or code. Do not retry.
     *
     * @generated from enum value: CODE_NOT_FOUND = 4404;
     */
    NOT_FOUND = 4404,
    /**
     * Hello did not come in time. Retry.
     *
     * @generated from enum value: CODE_LATE = 4408;
     */
    LATE = 4408,
    /**
     * No input for too long. Retry when the player is back.
     *
     * @generated from enum value: CODE_IDLE = 4409;
     */
    IDLE = 4409,
    /**
     * A newer connection took the seat. Do not retry.
     *
     * @generated from enum value: CODE_SUPERSEDED = 4410;
     */
    SUPERSEDED = 4410,
    /**
     * Nothing was heard from the client for too long. Retry.
     *
     * @generated from enum value: CODE_SILENT = 4411;
     */
    SILENT = 4411,
    /**
     * The session has reached its greatest age. Retry.
     *
     * @generated from enum value: CODE_EXPIRED = 4412;
     */
    EXPIRED = 4412,
    /**
     * The client did not read what was sent to it in time. Retry.
     *
     * @generated from enum value: CODE_SLOW = 4413;
     */
    SLOW = 4413,
    /**
     * A value outside its range, an unknown command, or one that only the server may send. A bug of the client.
     *
     * @generated from enum value: CODE_OUT_OF_RANGE = 4422;
     */
    OUT_OF_RANGE = 4422,
    /**
     * The room has no free seat. Retry with another room.
     *
     * @generated from enum value: CODE_FULL = 4423;
     */
    FULL = 4423,
    /**
     * Too many frames, bytes or calls. Retry later and slower.
     *
     * @generated from enum value: CODE_TOO_MANY = 4429;
     */
    TOO_MANY = 4429,
    /**
     * The game removed the player. Do not retry.
     *
     * @generated from enum value: CODE_KICKED = 4430;
     */
    KICKED = 4430,
    /**
     * The game failed and its room ended. The players are not at fault; join another room.
     *
     * @generated from enum value: CODE_GAME_FAILED = 4500;
     */
    GAME_FAILED = 4500,
    /**
     * The server is stopping. Retry elsewhere.
     *
     * @generated from enum value: CODE_STOPPING = 4503;
     */
    STOPPING = 4503
}
/**
 * Describes the enum tickwire.v1.Code.
 */
export declare const CodeSchema: GenEnum<Code>;
