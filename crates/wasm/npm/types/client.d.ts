/**
 * A small client of the `rcs-revoke` server's HTTP API, by `fetch` alone: no dependency, no WebAssembly.
 *
 * It repeats a call by itself only where that is the same as calling once, and never says that something was not
 * done when it does not know.
 *
 * @module client
 */
import type { Span, Time } from "./ids.js";
import type { PlatformUrl } from "./init.js";
import type {
    BulkReport,
    FallbackOrder,
    FallbackTaken,
    ImportReport,
    Lookup,
    MessageDetail,
    MessageKey,
    MessagePage,
    MessageQuery,
    MessageView,
    Registration,
    RegistrationReport,
    RevocationItem,
    RevocationReport,
    SessionView,
    SourceView,
    WatchEvent,
    WithdrawalReport,
} from "./proxy.js";
import type { AbortSignalLike } from "./request.js";

export type { MessageId, MessageRef, Provider, SourceId, Span, Time, Timestamp, WishId } from "./ids.js";
export * from "./proxy.js";

/**
 * Where the server is, and how it is called.
 *
 * @example
 * ```ts
 * const options: ClientOptions = { url: "https://revoke.example.com", accessKey, timeout: 10_000 };
 * ```
 */
export interface ClientOptions {
    /** Its address, such as `https://revoke.example.com`; a path in front of its API is kept. */
    url: string | PlatformUrl;
    /**
     * The access key. It opens everything: never ship it to a browser. A page that the server itself serves has its
     * session's cookie and needs none.
     */
    accessKey?: string | undefined;
    /**
     * What is called instead of the platform's `fetch`. It is called without `this`: a service binding of a Worker
     * goes as `(...call) => env.SERVICE.fetch(...call)`.
     */
    fetch?: FetchLike | undefined;
    /**
     * How often a call that is safe to repeat is repeated at most: default 3. The waits between grow from half a
     * second; a server's `Retry-After` is followed too, but never more than 30 s of it.
     */
    retries?: number | undefined;
    /** How long one try may take, in milliseconds: default 30,000. */
    timeout?: Span | undefined;
}

/**
 * `fetch` of the platform.
 *
 * @example
 * ```ts
 * const logged: FetchLike = (input, init) => {
 *     console.log(String(input));
 *     return fetch(input, init);
 * };
 * const client = new Client({ url, accessKey, fetch: logged });
 * ```
 */
export type FetchLike = typeof globalThis extends { fetch: infer Fetch } ? Fetch : never;

/**
 * What every call takes.
 *
 * @example
 * ```ts
 * await client.sources({ signal: AbortSignal.timeout(5_000) });
 * ```
 */
export interface CallOptions {
    /** Ends the call; what it throws then is the signal's own reason. */
    signal?: AbortSignalLike | undefined;
}

/**
 * The codes of this client, and those of the server that a program may want to branch on.
 *
 * @example
 * ```ts
 * const isWorthAnotherTry = (code: ProxyErrorCode) => code === "unreachable" || code === "timed_out";
 * ```
 */
export type ProxyErrorCode =
    /** An argument that cannot be sent; `path` says where, and nothing was sent. */
    | "invalid_argument"
    /** The connection failed. */
    | "unreachable"
    /** No answer came in time. */
    | "timed_out"
    /** The answer is none of this server's, or an event is longer than 1 MiB: is it the right address? */
    | "unexpected_answer"
    /** The access key is missing or wrong. */
    | "access_key_required"
    /** Nobody knows this message or wish. */
    | "not_found"
    /** The key was given before with another command. */
    | "idempotency_key_reused"
    /** Another SMS has the number that was ordered. */
    | "fallback_taken"
    | "fallback_ordered_already"
    /** No SMS is sent instead of this message. */
    | "fallback_not_offered"
    /** It is not known yet what the revocation did: order the SMS once that is settled. */
    | "fallback_settling"
    /** The database cannot be used now. */
    | "store_unavailable";

/**
 * What a call ended with when it did not end well.
 *
 * @example
 * ```ts
 * try {
 *     await client.revoke(message);
 * } catch (error) {
 *     if (error instanceof ProxyError && error.effect === "unknown") {
 *         // The same command again, whenever: it does nothing twice.
 *         await client.revoke(message, { idempotencyKey: error.idempotencyKey });
 *     }
 * }
 * ```
 */
export class ProxyError extends Error {
    readonly name: "ProxyError";
    /** What went wrong, for code; a server may have more codes than this version knows. */
    readonly code: ProxyErrorCode | (string & {});
    /** The HTTP status, where there was an answer. */
    readonly status?: number;
    /** What was not done and what to do, in the server's words. */
    readonly detail?: string;
    /** Which part of the call it is about, such as `items[3].phone`. */
    readonly path?: string;
    /** `none`: surely nothing was done, by no try. `unknown`: it may have been done, or done in part. */
    readonly effect: "none" | "unknown";
    /** The key of the command, to give it again. Only of `revoke`. */
    readonly idempotencyKey?: string;
    /** What became of the registrations that were sent before. Only of `registerMany`. */
    readonly report?: BulkReport;
    constructor(
        code: string,
        message: string,
        options?: { status?: number; detail?: string; path?: string; effect?: "none" | "unknown"; cause?: unknown },
    );
}

/**
 * What holds for all messages of a command.
 *
 * @example
 * ```ts
 * const options: RevokeOptions = { reason: "wrong price", idempotencyKey: "recall-2026-11-26" };
 * await client.revoke(messages, options);
 * ```
 */
export interface RevokeOptions extends CallOptions {
    /** Why, in your words. */
    reason?: string | undefined;
    /** Not to be attempted before this instant. */
    notBefore?: Time | undefined;
    /** Ask even where the 24-hour window has closed. */
    overrideWindow?: boolean | undefined;
    /** A new wish even for messages that were asked for already. */
    again?: boolean | undefined;
    /**
     * What shall follow; default `nothing`. `fallback`: an SMS, where the message's class allows it. `sms`: *revoke
     * again, then SMS*, whatever it may duplicate, unless the message is delivered.
     */
    then?: "nothing" | "fallback" | "sms" | undefined;
    /** The class of messages that nobody named one for. */
    class?: string | undefined;
    /** Takes back what is still wished, and wishes this instead: so a date is moved. */
    replace?: boolean | undefined;
    /**
     * The same key with the same command gives the same report and does nothing again: 1 to 200 printable ASCII
     * characters. Default: a new one, which an error tells but an abortion does not. Whoever passes a `signal` gives a
     * key too, or cannot ask again without a second wish.
     */
    idempotencyKey?: string | undefined;
}

/**
 * A key for a command, which no other command has.
 *
 * @example
 * ```ts
 * const idempotencyKey = newIdempotencyKey();
 * try {
 *     await client.revoke(messages, { idempotencyKey, signal });
 * } catch (error) {
 *     if (!signal.aborted) throw error;
 *     // It may have been done: later, the same key and the same command ask for nothing twice.
 *     await keep(idempotencyKey, messages);
 * }
 * ```
 */
export function newIdempotencyKey(): string;

/**
 * How a ledger is read.
 *
 * @example
 * ```ts
 * const options: ImportOptions = { source: "otp-eu", signal: AbortSignal.timeout(60_000) };
 * await client.importMessages(text, options);
 * ```
 */
export interface ImportOptions extends CallOptions {
    /** The source of all rows; without it, each row's own words decide. */
    source?: string | undefined;
}

/**
 * From where to watch, and for how long.
 *
 * @example
 * ```ts
 * const options: WatchOptions = { lastEventId, silence: 60_000 };
 * for await (const { id } of client.watch(options)) {
 *     lastEventId = id;
 * }
 * ```
 */
export interface WatchOptions extends CallOptions {
    /** The `id` of the last event that was seen, to begin where an earlier watch ended. */
    lastEventId?: string | undefined;
    /** How long a silent stream counts as alive: default 30,000. The server speaks at least every 10 s. */
    silence?: Span | undefined;
}

/**
 * A client of one server.
 *
 * @example
 * ```ts
 * import { Client } from "rcs-revoke/client";
 *
 * const client = new Client({ url: "http://localhost:8480", accessKey: process.env.RCS_REVOKE_ACCESS_KEY });
 * const { results } = await client.revoke("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
 * for await (const event of client.watch({ signal })) {
 *     if (event.event === "message") {
 *         console.log(event.message.message, event.message.outcome.outcome);
 *     }
 * }
 * ```
 */
export class Client {
    /** @throws {@link ProxyError} `invalid_argument`. */
    constructor(options: ClientOptions);

    /**
     * Wishes that messages be revoked, at most 10,000 a call. What is `made` is durable when this returns; what
     * becomes of it shows on the message.
     *
     * It is repeated when the answer does not come, under one `Idempotency-Key`, and so asks for nothing twice. To be
     * able to ask again after an abortion or a crash of your own, give a key of your own: {@link newIdempotencyKey}.
     *
     * @example
     * ```ts
     * const report = await client.revoke(messages, { reason: "wrong price", notBefore: new Date("2026-12-01T08:00Z") });
     * for (const result of report.results) {
     *     if (result.taken === "refused") {
     *         console.error(result.message, result.code, result.detail);
     *     }
     * }
     * ```
     *
     * @throws {@link ProxyError}
     */
    revoke(
        messages: MessageKey | RevocationItem | readonly (MessageKey | RevocationItem)[],
        options?: RevokeOptions,
    ): Promise<RevocationReport>;

    /**
     * Tells what was sent, at most 10,000 messages a call. The same registration again is the same fact, and so it
     * is repeated when the answer does not come.
     *
     * @example
     * ```ts
     * const message = { id: messageUuid, source: "otp-eu", phone: "+447700900000", sentAt: new Date(), ttl: 600_000 };
     * await client.register({ ...message, class: "otp", fallbackText: "Your code is 1234" });
     * ```
     *
     * @throws {@link ProxyError}
     */
    register(registrations: Registration | readonly Registration[], options?: CallOptions): Promise<RegistrationReport>;

    /**
     * Tells of any number of messages that were sent, in slices of up to 2,000: memory holds one slice. A registration
     * that cannot be kept is told in the report, and keeps no other from being kept. The same registrations again are
     * the same facts, and so each slice is repeated when its answer does not come.
     *
     * A slice leaves when it is full or the last registration was given. Where they come slowly, and an early one must
     * not wait for a late one, {@link register} each.
     *
     * @example
     * ```ts
     * async function* sent() {
     *     for await (const row of ledger) {
     *         yield { id: row.uuid, source: "otp-eu", phone: row.phone, sentAt: new Date(row.sent), class: "otp" };
     *     }
     * }
     * const { kept, problems } = await client.registerMany(sent());
     * problems.forEach(({ line, detail }) => console.warn(`registration ${line}: ${detail}`));
     * ```
     *
     * @throws {@link ProxyError} With a `report` on those that were sent before.
     */
    registerMany(
        registrations: Iterable<Registration> | AsyncIterable<Registration>,
        options?: CallOptions,
    ): Promise<BulkReport>;

    /**
     * Tells what was sent by the sending system's own ledger: a CSV with a header of `id`, `phone`, `agent`, `sent_at`,
     * `class`, `fallback_text`, `failover`, `host`, `ttl` or `expires_at`, and `revoke_at`, in any order and as far as
     * they are known, at most 16 MiB. The same ledger again is the same facts, and so it is repeated when the
     * answer does not come: for a long one give the client a longer `timeout`. A row that cannot be kept is told in the
     * report, and keeps no other from being kept.
     *
     * @example
     * ```ts
     * const ledger = "id,phone,sent_at\naaaaaaaa-bbbb-4ccc-8ddd-0123456789ab,+447700900000,2026-11-26T08:00:00Z\n";
     * const { kept, problems } = await client.importMessages(ledger, { source: "otp-eu" });
     * problems.forEach(({ line, detail }) => console.warn(`line ${line}: ${detail}`));
     * ```
     *
     * @throws {@link ProxyError}
     */
    importMessages(text: string | Uint8Array, options?: ImportOptions): Promise<ImportReport>;

    /**
     * One page of messages, the latest changed first.
     *
     * @example
     * ```ts
     * const { items, counts } = await client.messages({ outcome: ["inconclusive", "refused"], limit: 100 });
     * ```
     *
     * @throws {@link ProxyError}
     */
    messages(query?: MessageQuery, options?: CallOptions): Promise<MessagePage>;

    /**
     * All pages, one after another. A message that changes meanwhile may show on a page twice; {@link watch} shows
     * every change.
     *
     * @example
     * ```ts
     * for await (const { items } of client.pages({ source: "otp-eu", limit: 500 })) {
     *     await save(items);
     * }
     * ```
     *
     * @throws {@link ProxyError}
     */
    pages(query?: MessageQuery, options?: CallOptions): AsyncGenerator<MessagePage, void, undefined>;

    /**
     * One message in full.
     *
     * @example
     * ```ts
     * const { outcome, explanation } = await client.message(parseId("message", text));
     * console.log(outcome.outcome, sentenceText(explanation.sentence));
     * ```
     *
     * @throws {@link ProxyError} `not_found` when nobody knows it.
     */
    message(message: MessageKey, options?: CallOptions): Promise<MessageDetail>;

    /**
     * What is known under ids as their providers write them, at most 10,000 a call; ids that nobody knows are left
     * out.
     *
     * @example
     * ```ts
     * const [known] = await client.lookup(["aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"]);
     * ```
     *
     * @throws {@link ProxyError}
     */
    lookup(ids: readonly string[], options?: CallOptions): Promise<Lookup[]>;

    /**
     * The message that a wish is about.
     *
     * @example
     * ```ts
     * const { outcome } = await client.revocation(wish);
     * ```
     *
     * @throws {@link ProxyError} `not_found`.
     */
    revocation(wish: string, options?: CallOptions): Promise<MessageView>;

    /**
     * Takes back the live wishes of messages while nothing was sent, at most 10,000 a call.
     *
     * It is never repeated by itself: between two tries a new wish may have been made, and a second report would
     * hide what the first call did. When the answer does not come, look at the messages.
     *
     * @example
     * ```ts
     * const { withdrawn, tooLate } = await client.withdraw(message);
     * ```
     *
     * @throws {@link ProxyError}
     */
    withdraw(messages: MessageKey | readonly MessageKey[], options?: CallOptions): Promise<WithdrawalReport>;

    /**
     * Takes back one wish, with every other live wish of its message. Never repeated, as {@link withdraw}.
     *
     * @example
     * ```ts
     * const { withdrawn } = await client.withdrawWish(wish);
     * ```
     *
     * @throws {@link ProxyError} `not_found`.
     */
    withdrawWish(wish: string, options?: CallOptions): Promise<WithdrawalReport>;

    /**
     * Orders that an SMS be sent instead of a message, whatever it may duplicate. It leaves once this is durable,
     * unless the message turns out to be delivered before.
     *
     * The order names the number of the SMS, as {@link message} tells it, and so sends one at most, however often it is
     * given: it is repeated when the answer does not come.
     *
     * @example
     * ```ts
     * const { smsInstead } = await client.message(key);
     * if (smsInstead.next.offer === "by_hand") {
     *     await client.orderFallback({ message: key, fallback: smsInstead.next.number, text: "Your code is 1234" });
     * }
     * ```
     *
     * @throws {@link ProxyError} `fallback_taken`, `fallback_ordered_already`, `fallback_not_offered`,
     * `fallback_settling`, `not_found`.
     */
    orderFallback(order: FallbackOrder, options?: CallOptions): Promise<FallbackTaken>;

    /**
     * The configured senders.
     *
     * @example
     * ```ts
     * const [{ source }] = await client.sources();
     * const { candidates } = routeRegion(source);
     * ```
     *
     * @throws {@link ProxyError}
     */
    sources(options?: CallOptions): Promise<SourceView[]>;

    /** Who serves, and what time it is there. @throws {@link ProxyError} */
    session(options?: CallOptions): Promise<SessionView>;

    /**
     * Every change of a message, as it happens.
     *
     * When the stream breaks, it is opened again where it broke, after a wait that grows from half a second to half
     * a minute for as long as streams bring nothing: nothing is missed, though a message that changed twice meanwhile
     * shows once. It ends when the loop is left. It throws the signal's reason once that is aborted, and else only what waiting cannot heal, such as
     * a wrong access key.
     *
     * @example
     * ```ts
     * for await (const event of client.watch({ lastEventId })) {
     *     if (event.event === "hello" && !event.isResumed) {
     *         await listAll();
     *     } else if (event.event === "message") {
     *         show(event.message);
     *     }
     *     lastEventId = event.id;
     * }
     * ```
     *
     * @throws {@link ProxyError}
     */
    watch(options?: WatchOptions): AsyncGenerator<WatchEvent, void, undefined>;
}
