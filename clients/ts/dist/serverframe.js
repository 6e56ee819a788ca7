import { delimited, Reader, varint } from "./wire.js";
const none = [];
/** readServerFrame decodes a frame. It throws MALFORMED. */
export function readServerFrame(data) {
    const frame = { tick: 0, base: 0, inputAge: 0, slack: 0, events: none, answers: none, stride: 0 };
    const reader = new Reader(data);
    while (reader.more) {
        const tag = reader.u32();
        if (!readField(frame, tag, reader))
            reader.pass(tag);
    }
    return frame;
}
function readField(frame, tag, reader) {
    switch (tag) {
        case (1 << 3) | varint:
            frame.tick = reader.u32();
            return true;
        case (2 << 3) | varint:
            frame.base = reader.u32();
            return true;
        case (3 << 3) | varint:
            frame.inputAge = reader.u32();
            return true;
        case (4 << 3) | varint:
            frame.slack = reader.s32();
            return true;
        case (5 << 3) | delimited:
            frame.body = reader.bytes();
            return true;
        case (6 << 3) | delimited:
            frame.delta = reader.bytes();
            return true;
        case (7 << 3) | delimited:
            if (frame.events === none)
                frame.events = [];
            frame.events.push(readEvent(reader.message()));
            return true;
        case (8 << 3) | 5:
            frame.hash = reader.fixed32();
            return true;
        case (9 << 3) | delimited:
            frame.pong = readPong(reader.message());
            return true;
        case (10 << 3) | delimited:
            frame.welcome = reader.bytes();
            return true;
        case (11 << 3) | delimited:
            frame.bye = readBye(reader.message());
            return true;
        case (12 << 3) | delimited:
            if (frame.answers === none)
                frame.answers = [];
            frame.answers.push(readAnswer(reader.message()));
            return true;
        case (13 << 3) | varint:
            frame.stride = reader.u32();
            return true;
    }
    return false;
}
function readEvent(reader) {
    const event = { seq: 0, type: 0, age: 0, values: [], blobs: [] };
    while (reader.more) {
        const tag = reader.u32();
        if (tag === ((1 << 3) | varint))
            event.seq = reader.u32();
        else if (tag === ((2 << 3) | varint))
            event.type = reader.u32();
        else if (tag === ((3 << 3) | varint))
            event.age = reader.u32();
        else if (tag >>> 3 === 4)
            reader.each(tag, (list) => event.values.push(list.s64()));
        else if (tag === ((5 << 3) | delimited))
            event.blobs.push(reader.bytes());
        else
            reader.pass(tag);
    }
    return event;
}
function readPong(reader) {
    const pong = { id: 0, tick: 0, heldUs: 0 };
    while (reader.more) {
        const tag = reader.u32();
        if (tag === ((1 << 3) | varint))
            pong.id = reader.u32();
        else if (tag === ((2 << 3) | varint))
            pong.tick = reader.u32();
        else if (tag === ((3 << 3) | varint))
            pong.heldUs = reader.u32();
        else
            reader.pass(tag);
    }
    return pong;
}
function readBye(reader) {
    const bye = { code: 0, message: "" };
    while (reader.more) {
        const tag = reader.u32();
        if (tag === ((1 << 3) | varint))
            bye.code = reader.u32();
        else if (tag === ((2 << 3) | delimited))
            bye.message = reader.text();
        else
            reader.pass(tag);
    }
    return bye;
}
function readAnswer(reader) {
    const answer = { seq: 0, refusal: 0, why: "" };
    while (reader.more) {
        const tag = reader.u32();
        if (tag === ((1 << 3) | varint))
            answer.seq = reader.u32();
        else if (tag === ((2 << 3) | varint))
            answer.refusal = reader.u32();
        else if (tag === ((3 << 3) | delimited))
            answer.why = reader.text();
        else
            reader.pass(tag);
    }
    return answer;
}
//# sourceMappingURL=serverframe.js.map