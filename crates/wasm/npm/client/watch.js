// The live changes: one stream after another, each beginning where the last one broke.

import { isPassing, askedWait } from "./call.js";
import { ProxyError } from "./error.js";
import { EventReader } from "./events.js";
import { fromWire } from "./names.js";
import { Deadline, backOff, sleep } from "./wait.js";

/** @import { WatchEvent, WatchOptions } from "../types/client.js" */
/** @import { Line } from "./call.js" */

/** The server shows every 10 s that it lives: a stream that is silent for longer than this is dead. */
const SILENCE = 30_000;

/**
 * @param {Line} line
 * @param {WatchOptions} options
 * @returns {AsyncGenerator<WatchEvent, void, undefined>}
 */
export async function* watch(line, { signal, lastEventId, silence = SILENCE }) {
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
        try {
            const response = await line.send(call, deadline.signal);
            for await (const { event, data, id } of eventsOf(response, deadline)) {
                if (event === "hello") {
                    failures = 0;
                    const isResumed = last !== undefined && id === last;
                    last = id;
                    yield { event, id, isResumed, session: fromWire(JSON.parse(data)) };
                } else if (event === "message") {
                    last = id;
                    yield { event, id, message: fromWire(JSON.parse(data)) };
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
        failures += 1;
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
        throw new ProxyError("unexpected_answer", "The answer is no stream of events: check the address.", {
            status: response.status,
        });
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
