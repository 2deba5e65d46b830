// The live changes: one stream after another, each beginning where the last one broke.

import { askedWait, checkSignal, isPassing, parsed } from "./call.js";
import { ProxyError } from "./error.js";
import { EventReader } from "./events.js";
import { invalid } from "./names.js";
import { Deadline, backOff, isWait, sleep } from "./wait.js";

/** @import { WatchEvent, WatchOptions } from "../types/client.js" */
/** @import { Line } from "./call.js" */

/** The server shows every 10 s that it lives: a stream that is silent for longer than this is dead. */
const SILENCE = 30_000;

/** A stream that brought nothing and ended sooner than this was none: the next wait is longer still. */
const LIVED = 10_000;

/** What can be sent as a header, as it is. */
const ID = /^[!-~]{1,200}$/;

/**
 * @param {Line} line
 * @param {WatchOptions} options
 * @returns {AsyncGenerator<WatchEvent, void, undefined>}
 */
export async function* watch(line, { signal, lastEventId, silence = SILENCE }) {
    checkSignal(signal);
    if (!isWait(silence)) {
        throw invalid("silence", "expected milliseconds, more than 0");
    }
    if (lastEventId !== undefined && !(typeof lastEventId === "string" && ID.test(lastEventId))) {
        throw invalid("lastEventId", "expected the `id` of an event, or none to begin now");
    }
    let last = lastEventId;
    for (let failures = 0; ; ) {
        const deadline = new Deadline(silence, signal);
        const call = {
            method: "GET",
            path: "events",
            kind: /** @type {const} */ ("reads"),
            headers: { accept: "text/event-stream", ...(last === undefined ? {} : { "last-event-id": last }) },
            signal,
        };
        /** @type {ProxyError | undefined} */
        let failure;
        let hasLived = false;
        const begun = performance.now();
        try {
            const response = await line.send(call, deadline.signal);
            for await (const { event, data, id } of eventsOf(response, deadline)) {
                if (event === "hello" || event === "message") {
                    if (!ID.test(id)) throw noStream(response);
                    const told = parsed(data, response.status, call.kind);
                    const isResumed = last !== undefined && id === last;
                    last = id;
                    hasLived ||= event === "message";
                    yield event === "hello"
                        ? { event, id, isResumed, session: told }
                        : { event, id, message: told };
                }
                // The consumer may have taken its time over that.
                deadline.extend();
            }
        } catch (error) {
            const explained = line.explained(error, call, deadline);
            if (!(explained instanceof ProxyError) || !isPassing(explained)) {
                throw explained;
            }
            failure = explained;
        } finally {
            deadline.end();
        }
        hasLived ||= performance.now() - begun >= LIVED;
        failures = hasLived ? 1 : failures + 1;
        await sleep(Math.max(backOff(failures), failure ? askedWait(failure) : 0), signal);
    }
}

/**
 * @param {Response} response
 * @param {Deadline} deadline
 */
async function* eventsOf(response, deadline) {
    const kind = response.headers.get("content-type") ?? "";
    if (!response.body || !kind.startsWith("text/event-stream")) {
        throw noStream(response);
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const events = new EventReader();
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        deadline.extend();
        yield* events.push(decoder.decode(value, { stream: true }));
    }
}

/** @param {Response} response */
function noStream({ status }) {
    const message = "The answer is no stream of rcs-revoke's events: check the address.";
    return new ProxyError("unexpected_answer", message, { status });
}
