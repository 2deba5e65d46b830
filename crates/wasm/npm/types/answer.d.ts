import type { Provider, Span } from "./ids.js";
import type { PlatformHeaders, PlatformResponse } from "./init.js";

/** HTTP headers, as any platform has them. */
export type HeadersInput =
    | PlatformHeaders
    | ReadonlyArray<readonly [name: string, value: string]>
    | { readonly [name: string]: string | readonly string[] | undefined };

/** A body, exactly as it came. */
export type BodyInput = string | Uint8Array | ArrayBuffer;

/** Why a request surely did nothing. */
export type NoEffect = "invalid" | "credentials" | "permission" | "unsupported" | "throttled" | "no_credit";

/** What broke before there was a complete answer. */
export type SendFailure =
    | "name_not_resolved"
    | "connection_refused"
    | "tls"
    | "token_unreachable"
    | "token_refused"
    | "broken_after_sending"
    | "timed_out"
    | "answer_too_long";

/** The reading of one answer, or of its absence. `accepted` means *asked*, not *revoked*. */
export type Ack =
    | { ack: "accepted" }
    | { ack: "not_found"; proper: boolean }
    | { ack: "no_effect"; reason: NoEffect; retryAfter?: Span }
    | { ack: "not_sent"; why: SendFailure }
    | { ack: "unknown"; retryAfter?: Span };

/** An answer as it came. */
export interface ReceivedAnswer {
    /** The HTTP status. */
    status: number;
    headers?: HeadersInput;
    body?: BodyInput;
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

/** What a `Response` of `fetch` says; reads its body. */
export function readResponse(provider: Provider, response: PlatformResponse): Promise<Ack>;

/** What it means that there was no complete answer. */
export function readFailure(why: SendFailure): Ack;
