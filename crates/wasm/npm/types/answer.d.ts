import type { Provider, Span } from "./ids.js";
import type { PlatformHeaders, PlatformResponse } from "./init.js";

/**
 * HTTP headers, as any platform has them.
 *
 * @example
 * ```ts
 * const headers: HeadersInput = { "Content-Type": "application/json", "Retry-After": "15" };
 * ```
 */
export type HeadersInput =
    | PlatformHeaders
    | ReadonlyArray<readonly [name: string, value: string]>
    | { readonly [name: string]: string | readonly string[] | undefined };

/**
 * A body, exactly as it came.
 *
 * @example
 * ```ts
 * const body: BodyInput = new Uint8Array(await request.arrayBuffer());
 * ```
 */
export type BodyInput = string | Uint8Array | ArrayBuffer;

/**
 * Why a request surely did nothing.
 *
 * @example
 * ```ts
 * const isOurFault = (reason: NoEffect) => reason === "invalid" || reason === "credentials" || reason === "permission";
 * ```
 */
export type NoEffect = "invalid" | "credentials" | "permission" | "unsupported" | "throttled" | "no_credit";

/**
 * What broke before there was a complete answer.
 *
 * @example
 * ```ts
 * const why: SendFailure = error instanceof DOMException && error.name === "TimeoutError" ? "timed_out" : "broken_after_sending";
 * ```
 */
export type SendFailure =
    | "name_not_resolved"
    | "connection_refused"
    | "tls"
    | "token_unreachable"
    | "token_refused"
    | "broken_after_sending"
    | "timed_out"
    | "answer_too_long";

/**
 * The reading of one answer, or of its absence. `accepted` means *asked*, not *revoked*.
 *
 * @example
 * ```ts
 * const ack = await readResponse("vonage", response);
 * if (ack.ack === "no_effect" && ack.reason === "throttled") {
 *     console.log(`ask again in ${ack.retryAfter ?? 0} ms`);
 * }
 * ```
 */
export type Ack =
    | { ack: "accepted" }
    | { ack: "not_found"; proper: boolean }
    | { ack: "no_effect"; reason: NoEffect; retryAfter?: Span }
    | { ack: "not_sent"; why: SendFailure }
    | { ack: "unknown"; retryAfter?: Span };

/**
 * The reading of one answer, and what is worth keeping of it: spread it into the fact `answered`.
 *
 * @example
 * ```ts
 * const reading: Reading = readAnswer("vonage", { status: 404, body: '{"title":"Not found"}' });
 * revocation.record({ fact: "answered", attempt, ...reading, at: Date.now() });
 * ```
 */
export type Reading = Ack & {
    /** The HTTP status; absent when there was no complete answer. */
    status?: number;
    /** The first 2,000 characters of the body; absent when there were none. */
    body?: string;
};

/**
 * An answer as it came.
 *
 * @example
 * ```ts
 * const answer: ReceivedAnswer = { status: 404, body: '{"title":"Not found"}' };
 * readAnswer("vonage", answer);
 * ```
 */
export interface ReceivedAnswer {
    /** The HTTP status. */
    status: number;
    headers?: HeadersInput | undefined;
    body?: BodyInput | undefined;
}

/**
 * What the answer to a revocation request says. The answer to an SMS means other things (a 404 to it is no
 * `not_found`): read that with {@link readSmsAnswer}.
 *
 * `Retry-After` is read in seconds, the only form that the providers send; as a date it is passed over. An answer of
 * more than 64 MiB is read as `answer_too_long`.
 *
 * @example
 * ```ts
 * const reading = readAnswer("vonage", { status: 429, headers: { "Retry-After": "15" } });
 * // { ack: "no_effect", reason: "throttled", retryAfter: 15000, status: 429 }
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_argument`.
 */
export function readAnswer(provider: Provider, answer: ReceivedAnswer): Reading;

/**
 * What a `Response` of `fetch` to a revocation request says; reads its body. When the body breaks off, that is an
 * `ack` too: it may have worked.
 *
 * @example
 * ```ts
 * const ack = await readResponse("google_rbm", await fetch(toRequest(built, { authorization })));
 * revocation.record({ fact: "answered", attempt, ...ack, at: Date.now() });
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_argument`, also when the body was read already: use {@link readAnswer} then.
 */
export function readResponse(provider: Provider, response: PlatformResponse): Promise<Reading>;

/**
 * What it means that there was no complete answer.
 *
 * @example
 * ```ts
 * const ack = readFailure("connection_refused"); // { ack: "not_sent", why: "connection_refused" }
 * revocation.record({ fact: "answered", attempt, ...ack, at: Date.now() });
 * ```
 */
export function readFailure(why: SendFailure): Ack;

/**
 * The reading of the answer to an SMS request: spread it into the fact `fallback_answered`.
 *
 * @example
 * ```ts
 * const reading: SmsReading = readSmsAnswer({ status: 202, body: '{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}' });
 * revocation.record({ fact: "fallback_answered", fallback: 1, ...reading, at: Date.now() });
 * ```
 */
export type SmsReading = Ack & {
    /** The provider's id of the SMS, where its answer tells one. */
    providerId?: string;
};

/**
 * What the answer to an SMS request says. Nothing is looked for, so that a 404 is about the address and did nothing.
 * `unknown` means that the SMS may have left: nothing sends another by itself then.
 *
 * @example
 * ```ts
 * const reading = readSmsAnswer({ status: 402 }); // { ack: "no_effect", reason: "no_credit" }
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_argument`.
 */
export function readSmsAnswer(answer: ReceivedAnswer): SmsReading;

/**
 * What a `Response` of `fetch` to an SMS request says; reads its body.
 *
 * @example
 * ```ts
 * const { fallback, ...built } = revocation.smsRequest();
 * const response = await fetch(toRequest(built, { authorization }));
 * const reading = await readSmsResponse(response);
 * revocation.record({ fact: "fallback_answered", fallback, ...reading, at: Date.now() });
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_argument`, also when the body was read already: use {@link readSmsAnswer}
 * then.
 */
export function readSmsResponse(response: PlatformResponse): Promise<SmsReading>;
