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
 * What the answer to a revocation request says.
 *
 * @example
 * ```ts
 * const ack = readAnswer("vonage", { status: 429, headers: { "Retry-After": "15" } });
 * // { ack: "no_effect", reason: "throttled", retryAfter: 15000 }
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_argument`.
 */
export function readAnswer(provider: Provider, answer: ReceivedAnswer): Ack;

/**
 * What a `Response` of `fetch` says; reads its body.
 *
 * @example
 * ```ts
 * const ack = await readResponse("google_rbm", await fetch(toRequest(built, { authorization })));
 * revocation.record({ fact: "answered", attempt, ...ack, at: Date.now() });
 * ```
 */
export function readResponse(provider: Provider, response: PlatformResponse): Promise<Ack>;

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
