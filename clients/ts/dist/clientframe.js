import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { delimited, varint } from "./wire.js";
/** writeClientFrame encodes a frame. */
export function writeClientFrame(frame) {
    const w = new BinaryWriter();
    number(w, 1, frame.ack ?? 0);
    if (frame.input) {
        number(w, 2, frame.first ?? 0);
        w.tag(3, delimited).fork();
        message(w, frame.input, 1);
        w.join();
        number(w, 4, frame.view ?? 0);
    }
    if (frame.ping !== undefined) {
        w.tag(5, delimited).fork();
        number(w, 1, frame.ping);
        w.join();
    }
    if (frame.hello) {
        w.tag(6, delimited).fork();
        w.tag(1, delimited).fork();
        for (const codec of frame.hello.codecs)
            w.uint32(codec);
        w.join();
        w.tag(2, delimited).string(frame.hello.agent);
        w.join();
    }
    for (const command of frame.commands ?? [])
        w.tag(7, delimited).bytes(command);
    if (frame.resync) {
        w.tag(8, delimited).fork();
        number(w, 1, frame.resync.tick);
        number(w, 2, frame.resync.reason);
        w.join();
    }
    return w.finish();
}
/** writeCommand encodes a command. */
export function writeCommand(seq, type, packed) {
    const w = new BinaryWriter();
    number(w, 1, seq);
    number(w, 2, type);
    message(w, packed, 3);
    return w.finish();
}
function number(w, field, value) {
    if (value !== 0)
        w.tag(field, varint).uint32(value);
}
/** message writes values as a field and blobs as the next one; trailing zeros are left out. */
function message(w, { values, blobs }, field) {
    let n = values.length;
    while (n > 0 && values[n - 1] == 0)
        n--;
    if (n > 0) {
        w.tag(field, delimited).fork();
        for (let i = 0; i < n; i++)
            long(w, values[i]);
        w.join();
    }
    let m = blobs.length;
    while (m > 0 && blobs[m - 1].length === 0)
        m--;
    for (let i = 0; i < m; i++)
        w.tag(field + 1, delimited).bytes(blobs[i]);
}
function long(w, value) {
    if (typeof value === "number" && value === (value | 0))
        w.sint32(value);
    else
        w.sint64(BigInt.asIntN(64, BigInt(value)));
}
//# sourceMappingURL=clientframe.js.map