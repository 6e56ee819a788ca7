import { Code, TickwireError } from "./error.js";
import { FrameQueue } from "./framequeue.js";
import { Listeners } from "./listeners.js";
import { Picture } from "./picture.js";
import { between, Samples } from "./samples.js";
import { Session } from "./session.js";
import { makeState } from "./state.js";
import { Timeline } from "./timeline.js";
/** How long a picture counts as what is on the player's screen, in milliseconds. */
const viewAge = 250;
/** The name that stands for all events. */
const anyEvent = "*";
/**
 * Room is a seat in a running game: the state as it is now, what the player does, and what happens. Get one from a
 * Client. S is the type of the game's state.
 */
export class Room {
    /** The room's ID, by which others can join it. */
    roomId;
    /** The session's ID. An identifier, not a credential. */
    sessionId;
    /** The player's ID in the game: by most games' habit the ID of its own rows. */
    player;
    /** The game's name. */
    game;
    /** Ticks a second. */
    rate;
    /** All that the game shares: tables, inputs, commands and events. */
    schema;
    /** The code for inviting others, if the room is private. */
    code;
    /** The newest state. Tables by name; a Var is its row. The objects are live: they always show the newest state. */
    state;
    #session;
    #events = new Map();
    #onState;
    #onLeave;
    #onError;
    #queues = new Set();
    #timeline;
    // What is told before whoever awaits the room could subscribe to anything.
    #held = [];
    #left;
    // Made when a picture is first asked for: a program that draws only the newest state pays nothing for it.
    #interpolation;
    /** For Client only. */
    constructor(opened) {
        const failed = (e) => this.#report(TickwireError.from(e, Code.CALLBACK));
        this.#onState = new Listeners(failed);
        this.#onLeave = new Listeners(failed);
        this.#onError = new Listeners(throwLater);
        this.roomId = opened.roomId;
        this.sessionId = opened.sessionId;
        this.player = opened.player;
        this.game = opened.game;
        this.rate = opened.rate;
        this.schema = opened.schema;
        if (opened.seat.code)
            this.code = opened.seat.code;
        this.#timeline = new Timeline(1000 / opened.rate, opened.stride);
        this.#session = new Session(opened, {
            frame: (frame, now) => this.#frame(frame, now),
            event: (value, info) => this.#tell(() => this.#event(value, info)),
            error: (error) => this.#tell(() => this.#report(error)),
            left: (why) => this.#tell(() => this.#leave(why)),
            view: (now) => this.#view(now),
        });
        this.state = makeState(opened.schema, this.#session.replica.tables);
        setTimeout(() => this.#release());
        this.#session.start(opened.frame, opened.bytes);
    }
    /** Ticks between two frames; the server lowers the rate of a client that is slow. */
    get stride() {
        return this.#session.stride;
    }
    /** What was measured about the connection. */
    get stats() {
        const { meter, replica, desyncs, slack, pace } = this.#session;
        const { frames, bytes } = meter.perSecond(performance.now());
        return { ping: meter.ping, framesPerSecond: frames, bytesPerSecond: bytes, tick: replica.tick, desyncs, slack, lead: pace.lead };
    }
    /**
     * interpolated is the state a moment ago, between two frames, for drawing: columns marked `lerp` move evenly, all else
     * is as it was then. Its objects are live like those of state, and change with the next call. now is a time of
     * performance.now(), such as requestAnimationFrame gives.
     */
    interpolated(now = performance.now()) {
        const i = (this.#interpolation ??= this.#makeInterpolation());
        const moment = this.#timeline.at(now);
        if (now === i.drawn && moment === i.moment)
            return i.state;
        const found = between(i.samples.list, moment);
        if (found)
            i.picture.draw(found, this.stride);
        i.samples.forget(moment);
        i.drawn = now;
        i.moment = moment;
        return i.state;
    }
    /**
     * send sets the input that goes to the game every tick from now on. Fields that are left out are zero. A field that the
     * game marked as `edge` is a press: it is sent once for every call that sets it. Throws OUT_OF_RANGE.
     */
    send(input) {
        this.#session.setInput(input);
    }
    /** command sends a reliable message. Resolves when the game took it; rejects with REFUSED if it did not. */
    command(name, value = {}) {
        return this.#session.command(name, value);
    }
    /** onMessage calls back for every event of a name, or of any for "*", in order and once. */
    onMessage(name, callback) {
        if (name !== anyEvent && !this.schema.events.some((event) => event.name === name)) {
            throw new TickwireError(Code.OUT_OF_RANGE, `the game has no event ${JSON.stringify(name)}`);
        }
        let listeners = this.#events.get(name);
        if (!listeners) {
            listeners = new Listeners((e) => this.#report(TickwireError.from(e, Code.CALLBACK)));
            this.#events.set(name, listeners);
        }
        return listeners.add(callback);
    }
    /** onState calls back after every change of state. */
    onState(callback) {
        return this.#onState.add(callback);
    }
    /** onLeave calls back once, when the room has ended for this client; soon, if it has ended already. */
    onLeave(callback) {
        const unsubscribe = this.#onLeave.add(callback);
        const why = this.#left;
        if (why) {
            unsubscribe();
            let wanted = true;
            queueMicrotask(() => wanted && callback(why));
            return () => void (wanted = false);
        }
        return unsubscribe;
    }
    /** onError calls back for what goes wrong but does not end the room, such as a callback that throws. */
    onError(callback) {
        return this.#onError.add(callback);
    }
    /**
     * frames are the changes of state from now on, for `for await`. It ends when the room ends or the signal aborts. A
     * reader that does not keep up loses the oldest; the state is always the newest.
     */
    frames(signal) {
        const end = () => queue.end();
        const queue = new FrameQueue(() => {
            this.#queues.delete(queue);
            signal?.removeEventListener("abort", end);
        });
        this.#queues.add(queue);
        signal?.addEventListener("abort", end);
        if (signal?.aborted || this.#left)
            queue.end();
        return queue;
    }
    /** leave gives the seat back. Resolves when the connection is closed; never rejects. */
    leave() {
        return this.#session.leave();
    }
    #frame(frame, now) {
        const { replica, stride } = this.#session;
        this.#timeline.setStride(stride);
        this.#timeline.arrive(frame.tick, now);
        this.#interpolation?.samples.take(replica, (frame.tick * 1000) / this.rate);
        this.#tell(() => {
            this.#onState.emit(frame);
            for (const queue of this.#queues)
                queue.push(frame);
        });
    }
    #event(value, info) {
        this.#events.get(info.name)?.emit(value, info);
        this.#events.get(anyEvent)?.emit(value, info);
    }
    #leave(why) {
        this.#left = why;
        this.#onLeave.emit(why);
        for (const queue of [...this.#queues])
            queue.end();
    }
    #report(error) {
        if (this.#onError.size > 0)
            this.#onError.emit(error);
        else if (error.code === Code.CALLBACK)
            throwLater(error.cause);
    }
    #view(now) {
        const i = this.#interpolation;
        if (!i || now - i.drawn > viewAge)
            return 0;
        return this.#session.replica.tick - (i.moment * this.rate) / 1000;
    }
    #makeInterpolation() {
        const { replica } = this.#session;
        const picture = new Picture(this.schema);
        const samples = new Samples();
        if (replica.trusted)
            samples.take(replica, (replica.tick * 1000) / this.rate);
        return { samples, picture, state: makeState(this.schema, picture.tables), drawn: NaN, moment: NaN };
    }
    #tell(what) {
        if (this.#held)
            this.#held.push(what);
        else
            what();
    }
    #release() {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const what of held)
            what();
    }
}
/** throwLater lets an error that nobody handles be seen as one, without breaking what is being done. */
function throwLater(error) {
    queueMicrotask(() => {
        throw error;
    });
}
//# sourceMappingURL=room.js.map