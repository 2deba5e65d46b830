// One call of the API: its address, its credential, its tries, and how its answer is read.

import { ProxyError } from "./error.js";
import { camelCase, fromWire, invalid } from "./names.js";
import { Deadline, backOff, isWait, retryAfter, sleep } from "./wait.js";

/** @import { ClientOptions } from "../types/client.js" */

/**
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path Below `/api/v1/`.
 * @property {Record<string, string | undefined>} [query]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array} [body] Sent as JSON, unless the headers tell otherwise.
 * @property {"reads" | "repeats" | "once"} kind It changes nothing; or sending it twice is the same as sending it
 * once; or only the caller can know whether to send it again.
 * @property {AbortSignal} [signal]
 */

const RETRIES = 3;
const TIMEOUT = 30_000;

/** Answers of what stands between client and server, and of a server that cannot work just now. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Where the API is and how it is called. */
export class Line {
    #base;
    #accessKey;
    #fetch;
    #retries;
    #timeout;

    /** @param {ClientOptions} options */
    constructor(options) {
        const { url, accessKey, fetch, retries = RETRIES, timeout = TIMEOUT } = options ?? {};
        try {
            this.#base = new URL(String(url));
        } catch {
            throw invalid("url", "expected the address of the server, such as http://localhost:8480");
        }
        if (!/^https?:$/.test(this.#base.protocol) || this.#base.username || this.#base.password) {
            throw invalid("url", "expected http or https, without a user");
        }
        this.#base.pathname = this.#base.pathname.replace(/\/*$/, "/");
        this.#base.search = this.#base.hash = "";
        if (accessKey !== undefined && !(typeof accessKey === "string" && /^[!-~]+$/.test(accessKey))) {
            throw invalid("accessKey", "expected the access key that the server was given or has printed");
        }
        if (fetch !== undefined && typeof fetch !== "function") {
            throw invalid("fetch", "expected a function like the platform's own");
        }
        if (!Number.isInteger(retries) || retries < 0) {
            throw invalid("retries", "expected a whole number from 0");
        }
        if (!isWait(timeout)) {
            throw invalid("timeout", "expected milliseconds, more than 0");
        }
        this.#accessKey = accessKey;
        // Looked up at each call, as a page's own code does it: who replaces it later is heard.
        this.#fetch = fetch ?? ((...call) => globalThis.fetch(...call));
        this.#retries = retries;
        this.#timeout = timeout;
    }

    /**
     * What the API answered, read.
     *
     * @param {Call} call
     * @returns {Promise<any>}
     */
    async json(call) {
        checkSignal(call.signal);
        let mayBeDone = false;
        for (let failures = 1; ; failures += 1) {
            try {
                return await this.#once(call);
            } catch (error) {
                if (!(error instanceof ProxyError)) throw error;
                // The last answer says what became of the last try, and nothing of those before.
                if (mayBeDone && error.effect === "none") {
                    error.effect = "unknown";
                    error.message += " An earlier try had no certain answer: whether that was done is not known.";
                }
                mayBeDone = error.effect === "unknown";
                if (call.kind === "once" || !isPassing(error) || failures > this.#retries) {
                    throw error;
                }
                await sleep(Math.max(backOff(failures), askedWait(error)), call.signal);
            }
        }
    }

    /** @param {Call} call */
    async #once(call) {
        const deadline = new Deadline(this.#timeout, call.signal);
        try {
            const response = await this.send(call, deadline.signal);
            return parsed(await response.text(), response.status, call.kind);
        } catch (error) {
            throw this.explained(error, call, deadline);
        } finally {
            deadline.end();
        }
    }

    /**
     * The answer to a call, if it is a success.
     *
     * @param {Call} call
     * @param {AbortSignal} signal
     */
    async send({ method, path, query = {}, headers = {}, body, kind }, signal) {
        const url = new URL(`api/v1/${path}`, this.#base);
        for (const [name, value] of Object.entries(query)) {
            if (value !== undefined) url.searchParams.set(name, value);
        }
        // Called without `this`: browsers and Workers refuse `fetch` on any other object.
        const fetch = this.#fetch;
        const response = await fetch(url.href, {
            method,
            headers: {
                accept: "application/json",
                ...(body === undefined ? {} : { "content-type": "application/json" }),
                ...(this.#accessKey === undefined ? {} : { authorization: `Bearer ${this.#accessKey}` }),
                ...headers,
            },
            body: /** @type {BodyInit | undefined} */ (body),
            signal,
            // The access key goes to the address that was given and to no other.
            redirect: "manual",
        });
        if (!response.ok) {
            throw await problem(response, kind);
        }
        return response;
    }

    /**
     * What broke a call, as an error of ours; the caller's own abortion stays what it is.
     *
     * @param {unknown} error
     * @param {Call} call
     * @param {Deadline} deadline
     */
    explained(error, { method, path, kind, signal }, deadline) {
        if (signal?.aborted) return signal.reason;
        if (error instanceof ProxyError) return error;
        const effect = kind === "reads" ? "none" : "unknown";
        const unknown = effect === "none" ? "" : " Whether it was done is not known.";
        const what = `${method} /api/v1/${path}`;
        if (deadline.isLate) {
            return new ProxyError("timed_out", `${what}: no answer came in time.${unknown}`, { effect });
        }
        const cause = error instanceof Error ? error.message : String(error);
        return new ProxyError("unreachable", `${what}: the connection failed (${cause}).${unknown}`, { effect, cause: error });
    }
}

/**
 * Throws unless a caller's signal is one.
 *
 * @param {unknown} signal
 */
export function checkSignal(signal) {
    if (signal === undefined) return;
    const { aborted, addEventListener } = /** @type {Partial<AbortSignal>} */ (signal ?? {});
    if (typeof aborted !== "boolean" || typeof addEventListener !== "function") {
        throw invalid("signal", "expected an AbortSignal");
    }
}

/**
 * What the server wrote: every answer and every event is a list or an object.
 *
 * @param {string} text
 * @param {number} status
 * @param {Call["kind"]} kind
 * @returns {any}
 */
export function parsed(text, status, kind) {
    /** @type {unknown} */
    let cause;
    try {
        const value = fromWire(JSON.parse(text));
        if (typeof value === "object" && value !== null) return value;
    } catch (error) {
        // No JSON, or deeper than this platform's stack.
        cause = error;
    }
    throw stranger(status, kind === "reads" ? "none" : "unknown", cause);
}

/**
 * An answer that the server of this API never gives.
 *
 * @param {number} status
 * @param {"none" | "unknown"} effect
 * @param {unknown} [cause]
 */
function stranger(status, effect, cause) {
    const unknown = effect === "none" ? "" : " Whether it was done is not known.";
    const message = `The answer ${status} is none of rcs-revoke's: check the address.${unknown}`;
    return new ProxyError("unexpected_answer", message, { status, effect, cause });
}

/** @type {WeakMap<ProxyError, number>} What a server asked to wait, by the error that it answered. */
const waits = new WeakMap();

/**
 * Whether the same call may succeed a little later.
 *
 * @param {ProxyError} error
 */
export function isPassing(error) {
    return error.status === undefined
        ? error.code === "unreachable" || error.code === "timed_out"
        : PASSING.has(error.status);
}

/**
 * What the server asked to wait after an error, in milliseconds.
 *
 * @param {ProxyError} error
 */
export function askedWait(error) {
    return waits.get(error) ?? 0;
}

/**
 * An answer that is no success, as the problem document that it should be.
 *
 * @param {Response} response
 * @param {Call["kind"]} kind
 */
async function problem(response, kind) {
    const { status } = response;
    // A call that was wrong did nothing; one that failed otherwise may have been done in part.
    const effect = kind === "reads" || (status >= 400 && status < 500) ? "none" : "unknown";
    const told = await response.json().catch(() => undefined);
    const text = (/** @type {string} */ name) => (typeof told?.[name] === "string" ? told[name] : undefined);
    const code = text("code");
    const detail = text("detail");
    const title = text("title");
    const at = text("at");
    const error = code && title
        ? new ProxyError(code, detail ? `${title}. ${detail}` : `${title}.`, {
            status,
            detail,
            path: at && camelCase(at),
            effect,
        })
        : stranger(status, effect);
    waits.set(error, retryAfter(response.headers.get("retry-after")));
    return error;
}
