// The client of the proxy: every call of its API that a program needs, by `fetch` alone.

import { Line } from "./call.js";
import { ProxyError } from "./error.js";
import { checkedKey, newIdempotencyKey } from "./key.js";
import { registerMany } from "./many.js";
import { invalid, toWire } from "./names.js";
import { watch } from "./watch.js";

/** @import * as Types from "../types/client.js" */

export { ProxyError, newIdempotencyKey };

/** The most that a page of messages may hold. */
const LONGEST_PAGE = 500;

/** @implements {Types.Client} */
export class Client {
    #line;

    /** @param {Types.ClientOptions} options */
    constructor(options) {
        this.#line = new Line(options);
    }

    /**
     * @param {Types.MessageKey | Types.RevocationItem | readonly (Types.MessageKey | Types.RevocationItem)[]} messages
     * @param {Types.RevokeOptions} [options]
     * @returns {Promise<Types.RevocationReport>}
     */
    async revoke(messages, options) {
        const { idempotencyKey: given = newIdempotencyKey(), signal, ...terms } = options ?? {};
        const idempotencyKey = checkedKey(given);
        const list = Array.isArray(messages) ? messages : [messages];
        const items = list.map((item) => (typeof item === "string" ? { message: item } : item));
        // Written once: the server takes a key again only with the very same bytes.
        const body = JSON.stringify(toWire({ items, ...terms }, ""));
        const headers = { "idempotency-key": idempotencyKey };
        try {
            const call = { method: "POST", path: "revocations", headers, body, kind: /** @type {const} */ ("repeats") };
            return await this.#line.json({ ...call, signal });
        } catch (error) {
            if (error instanceof ProxyError) Object.assign(error, { idempotencyKey });
            throw error;
        }
    }

    /**
     * @param {Types.Registration | readonly Types.Registration[]} registrations
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.RegistrationReport>}
     */
    register(registrations, options) {
        const list = Array.isArray(registrations) ? registrations : [registrations];
        return this.#post("messages", list, "repeats", options);
    }

    /**
     * @param {Iterable<Types.Registration> | AsyncIterable<Types.Registration>} registrations
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.BulkReport>}
     */
    async registerMany(registrations, options) {
        return registerMany(this.#line, registrations, options?.signal);
    }

    /**
     * @param {string | Uint8Array} text
     * @param {Types.ImportOptions} [options]
     * @returns {Promise<Types.ImportReport>}
     */
    async importMessages(text, options) {
        const { source, signal } = options ?? {};
        if (typeof text !== "string" && !(text instanceof Uint8Array)) {
            throw invalid("text", "expected a text or its bytes");
        }
        if (source !== undefined && typeof source !== "string") {
            throw invalid("source", "expected the id of a source");
        }
        return this.#line.json({
            method: "POST",
            path: "messages/import",
            query: { source },
            headers: { "content-type": "text/csv" },
            // A copy: each try sends the same bytes, whatever becomes of the caller's.
            body: typeof text === "string" ? text : text.slice(),
            kind: "repeats",
            signal,
        });
    }

    /**
     * @param {Types.MessageQuery} [query]
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.MessagePage>}
     */
    async messages(query, options) {
        const { outcome, duplicate, source, q, after, limit } = query ?? {};
        // A list without any would be sent as no wish at all, and bring every message.
        const outcomes = outcome === undefined ? undefined : /** @type {unknown[]} */ ([outcome]).flat();
        if (outcomes && !(outcomes.length > 0 && outcomes.every((code) => typeof code === "string" && code !== ""))) {
            throw invalid("outcome", "expected at least one code of an outcome");
        }
        for (const [path, value] of Object.entries({ source, q, after })) {
            if (value !== undefined && typeof value !== "string") throw invalid(path, "expected a text");
        }
        if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_PAGE)) {
            throw invalid("limit", `expected a whole number from 1 to ${LONGEST_PAGE}`);
        }
        const words = { outcome: outcomes?.join(","), duplicate: duplicate ? "true" : undefined, source, q, after, limit: limit?.toString() };
        return this.#get("messages", options, words);
    }

    /**
     * @param {Types.MessageQuery} [query]
     * @param {Types.CallOptions} [options]
     * @returns {AsyncGenerator<Types.MessagePage, void, undefined>}
     */
    async *pages(query, options) {
        for (let after = query?.after; ; ) {
            const page = await this.messages({ ...query, after }, options);
            yield page;
            if (page.next === undefined) return;
            after = page.next;
        }
    }

    /**
     * @param {Types.MessageKey} message
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.MessageDetail>}
     */
    async message(message, options) {
        return this.#get(`messages/${segment(message, "message")}`, options);
    }

    /**
     * @param {readonly string[]} ids
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.Lookup[]>}
     */
    lookup(ids, options) {
        return this.#post("messages/lookup", { ids }, "reads", options);
    }

    /**
     * @param {string} wish
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.MessageView>}
     */
    async revocation(wish, options) {
        return this.#get(`revocations/${segment(wish, "wish")}`, options);
    }

    /**
     * @param {Types.MessageKey | readonly Types.MessageKey[]} messages
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.WithdrawalReport>}
     */
    withdraw(messages, options) {
        const list = typeof messages === "string" ? [messages] : messages;
        return this.#post("withdrawals", { messages: list }, "once", options);
    }

    /**
     * @param {string} wish
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.WithdrawalReport>}
     */
    async withdrawWish(wish, options) {
        const path = `revocations/${segment(wish, "wish")}`;
        return this.#line.json({ method: "DELETE", path, kind: "once", signal: options?.signal });
    }

    /**
     * @param {Types.FallbackOrder} order
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.FallbackTaken>}
     */
    orderFallback(order, options) {
        return this.#post("fallbacks", order, "repeats", options);
    }

    /**
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.SourceView[]>}
     */
    sources(options) {
        return this.#get("sources", options);
    }

    /**
     * @param {Types.CallOptions} [options]
     * @returns {Promise<Types.SessionView>}
     */
    session(options) {
        return this.#get("session", options);
    }

    /**
     * @param {Types.WatchOptions} [options]
     * @returns {AsyncGenerator<Types.WatchEvent, void, undefined>}
     */
    watch(options) {
        return watch(this.#line, options ?? {});
    }

    /**
     * @param {string} path
     * @param {Types.CallOptions} [options]
     * @param {Record<string, string | undefined>} [query]
     */
    async #get(path, options, query) {
        return this.#line.json({ method: "GET", path, query, kind: "reads", signal: options?.signal });
    }

    /**
     * @param {string} path
     * @param {unknown} value
     * @param {"reads" | "repeats" | "once"} kind
     * @param {Types.CallOptions} [options]
     */
    async #post(path, value, kind, options) {
        const body = JSON.stringify(toWire(value, ""));
        return this.#line.json({ method: "POST", path, body, kind, signal: options?.signal });
    }
}

/**
 * @param {unknown} text
 * @param {string} path
 */
function segment(text, path) {
    // `.` and `..` would be taken for a step in the path, whatever they are written as.
    if (typeof text !== "string" || text === "" || text === "." || text === "..") {
        throw invalid(path, "expected a key");
    }
    try {
        return encodeURIComponent(text);
    } catch {
        throw invalid(path, "expected a key; half of a character is none");
    }
}
