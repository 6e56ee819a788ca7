import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, TickwireError } from "./error.js";
import { Reader, varint } from "./wire.js";
/** The Connect protocol's own words for what a server says without a code of ours. */
const codes = {
    canceled: Code.ABORTED,
    invalid_argument: Code.MALFORMED,
    not_found: Code.NOT_FOUND,
    permission_denied: Code.FORBIDDEN,
    unauthenticated: Code.UNAUTHENTICATED,
    resource_exhausted: Code.TOO_MANY,
    unavailable: Code.STOPPING,
};
/** makeCall makes calls to the lobby of a server, over the Connect protocol with protobuf. */
export function makeCall(base, fetch, token) {
    const headers = { "content-type": "application/proto", "connect-protocol-version": "1" };
    if (token !== undefined)
        headers["authorization"] = "Bearer " + token;
    return async (method, input, request, output, signal) => {
        try {
            const body = toBinary(input, create(input, request));
            const response = await fetch(`${base}/tickwire.v1.LobbyService/${method}`, { method: "POST", headers, body, signal: signal ?? null });
            const answer = new Uint8Array(await response.arrayBuffer());
            if (!response.ok)
                throw errorOf(response.status, answer);
            return fromBinary(output, answer);
        }
        catch (e) {
            if (signal?.aborted)
                throw new TickwireError(Code.ABORTED, "the call was aborted", { cause: e });
            throw TickwireError.from(e, Code.NETWORK);
        }
    };
}
/** errorOf reads a refusal: JSON with a code, a message, and details of which one is our Error message. */
function errorOf(status, body) {
    let json = {};
    try {
        json = Object(JSON.parse(new TextDecoder().decode(body)));
    }
    catch {
        // Not from the lobby, but from something in between: the status says all.
    }
    const message = typeof json.message === "string" && json.message ? json.message : `the server answered ${status}`;
    const details = Array.isArray(json.details) ? json.details : [];
    for (const detail of details) {
        const { type, value } = Object(detail);
        const code = type === "tickwire.v1.Error" && typeof value === "string" ? detailCode(value) : 0;
        if (code > 0)
            return new TickwireError(code, message);
    }
    const code = typeof json.code === "string" ? codes[json.code] : status === 429 ? Code.TOO_MANY : undefined;
    return new TickwireError(code ?? Code.UNKNOWN, message);
}
function detailCode(base64) {
    try {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const reader = new Reader(bytes);
        while (reader.more) {
            const tag = reader.u32();
            if (tag === ((1 << 3) | varint))
                return reader.u32();
            reader.pass(tag);
        }
    }
    catch {
        // A detail that cannot be read says nothing.
    }
    return 0;
}
//# sourceMappingURL=lobby.js.map