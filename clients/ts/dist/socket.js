import { fromBinary } from "@bufbuild/protobuf";
import { writeClientFrame } from "./clientframe.js";
import { Code, TickwireError } from "./error.js";
import { Codec, WelcomeSchema } from "./gen/tickwire/v1/session_pb.js";
import { readSchema } from "./readschema.js";
import { readServerFrame } from "./serverframe.js";
const protocol = "tickwire.v1";
const agent = "tickwire-ts/0.1.0";
/** The server gives up a seat after 15 s, and a silent connection after 5. */
const openTimeout = 15_000;
/** openSocket connects to a seat and says hello. `done` is called in the message that welcomes, before any other comes. */
export function openSocket(make, seat, codec, signal, done) {
    return new Promise((resolve, reject) => {
        let socket;
        try {
            socket = new make(seat.url, [protocol, "ticket." + seat.ticket]);
        }
        catch (e) {
            return reject(TickwireError.from(e, Code.NETWORK));
        }
        socket.binaryType = "arraybuffer";
        let helloAt = 0;
        const settle = () => {
            clearTimeout(timer);
            signal?.removeEventListener("abort", aborted);
            socket.onopen = socket.onmessage = socket.onclose = null;
        };
        const fail = (error) => {
            settle();
            socket.onerror = () => { }; // some sockets throw errors that nobody hears
            socket.close(1000);
            reject(error);
        };
        const aborted = () => fail(new TickwireError(Code.ABORTED, "the call was aborted"));
        const timer = setTimeout(() => fail(new TickwireError(Code.NETWORK, "the server did not answer in time")), openTimeout);
        signal?.addEventListener("abort", aborted);
        if (signal?.aborted)
            return aborted();
        socket.onerror = () => { }; // a close follows, and says more
        socket.onclose = (event) => fail(closeError(event));
        socket.onopen = () => {
            helloAt = performance.now();
            socket.send(writeClientFrame({ hello: { codecs: codec === "plain" ? [Codec.PLAIN] : [Codec.PACKED, Codec.PLAIN], agent } }));
        };
        socket.onmessage = (event) => {
            try {
                const opened = welcomed(socket, seat, event.data, performance.now() - helloAt);
                settle();
                resolve(done(opened));
            }
            catch (e) {
                fail(TickwireError.from(e, Code.MALFORMED));
            }
        };
    });
}
/** frameOf decodes a message. */
export function frameOf(data) {
    if (!(data instanceof ArrayBuffer))
        throw new TickwireError(Code.MALFORMED, "a message is not binary");
    return readServerFrame(new Uint8Array(data));
}
/** closeError is why a connection was closed. */
export function closeError(event) {
    const { code, reason } = event;
    if (code >= 4000)
        return new TickwireError(code, reason || "the server closed the connection");
    if (code === 1002 || code === 1003 || code === 1007 || code === 1009) {
        return new TickwireError(Code.MALFORMED, reason || `the server refused a message (${code})`);
    }
    return new TickwireError(Code.NETWORK, reason || "the connection broke");
}
function welcomed(socket, seat, data, roundTrip) {
    const frame = frameOf(data);
    if (frame.bye)
        throw new TickwireError(frame.bye.code, frame.bye.message);
    if (!frame.welcome)
        throw new TickwireError(Code.MALFORMED, "the first frame is no welcome");
    const { roomId, sessionId, player, game, rate, stride, schema } = fromBinary(WelcomeSchema, frame.welcome);
    if (!schema || rate < 1 || rate > 1000 || stride < 1)
        throw new TickwireError(Code.MALFORMED, "the welcome is not complete");
    const bytes = data.byteLength;
    return { socket, seat, roomId, sessionId, player, game, rate, stride, schema: readSchema(schema), frame, bytes, roundTrip };
}
//# sourceMappingURL=socket.js.map