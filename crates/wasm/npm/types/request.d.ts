import type { MessageRef, PhoneNumber, Provider, Span } from "./ids.js";
import type { PlatformRequest } from "./init.js";
import type { Host } from "./source.js";
import type { Life } from "./fact.js";

/** The credential to attach; this package never sees it. */
export type Auth = "google_service_account" | "vonage_application_jwt";

/** A request to a provider, complete but for its credential. */
export interface OutgoingRequest {
    method: "DELETE" | "PATCH" | "POST";
    /** The documented URL: the host's own, and {@link path}. */
    url: string;
    host: Host;
    /** Path and query, percent-encoded. */
    path: string;
    /** Headers besides `Host`, `Authorization` and `Content-Length`. */
    headers: Record<string, string>;
    /** The body; absent for none. */
    body?: string;
    auth: Auth;
}

/** What {@link buildRevokeRequest} is asked for. */
export interface RevokeTarget {
    message: MessageRef;
    /** The recipient, where the provider's path needs it: at Google. */
    recipient?: PhoneNumber;
    /** Where to ask. */
    host: Host;
}

/**
 * The request that asks for a revocation, without its credential.
 *
 * @example
 * ```ts
 * const request = buildRevokeRequest({ message, host: "vonage.eu" });
 * const answer = await fetch(request.url, {
 *     ...request,
 *     headers: { ...request.headers, authorization: `Bearer ${token}` },
 *     redirect: "manual",
 * });
 * ```
 *
 * @throws {@link RcsRevokeError} `recipient_missing`, `agent_missing`, `wrong_host`, `invalid_argument`.
 */
export function buildRevokeRequest(target: RevokeTarget): OutgoingRequest;

/** An SMS to send instead of a message that was taken back. */
export interface SmsTarget {
    /** Who sends it: a number, or a name where the country allows one. */
    from: string;
    to: PhoneNumber;
    /** At most 1,000 characters, the least that any edition of Vonage's specification allows. */
    text: string;
    /** Where to send it. */
    host: Extract<Host, `vonage.${string}`>;
    /** How long it may wait for its phone: 20 s to 7 days. */
    ttl?: Span;
    /** Comes back in every status of the SMS: at most 100 characters. */
    clientRef?: string;
}

/**
 * The request that sends an SMS by Vonage, without its credential.
 *
 * It is never safe to send it twice: keep the intent before you send, and do not repeat an answer that may have
 * been taken.
 *
 * @throws {@link RcsRevokeError} `wrong_host`, `ttl_out_of_range`, `invalid_argument`.
 */
export function buildSmsRequest(target: SmsTarget): OutgoingRequest;

/**
 * The platform's own `Request` for a built one, with redirects off. Without an `authorization` it carries no
 * credential.
 *
 * @example
 * ```ts
 * const answer = await fetch(toRequest(built, { authorization: `Bearer ${token}` }));
 * ```
 *
 * @throws {@link RcsRevokeError} `unsupported` where there is no `Request`.
 */
export function toRequest(
    request: OutgoingRequest,
    options?: {
        /** The value of the header `Authorization`. */
        authorization?: string;
        /** Where to send it instead of the documented host, such as a simulator: without a slash at the end. */
        baseUrl?: string;
        /** Ends the call, such as `AbortSignal.timeout(30_000)`. */
        signal?: AbortSignalLike;
    },
): PlatformRequest;

/** `AbortSignal`, where the platform's own types are not known. */
export type AbortSignalLike = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : object;

/** How long messages of one class stay wanted. */
export type MessageClass = "otp" | "transactional" | "promotional";

/** The field that ends a message's own life, to be put into the request that sends it. */
export type ExpiryFields =
    | { provider: "google_rbm"; fields: { ttl: string }; life: Life }
    | { provider: "vonage"; fields: { ttl: number }; life: Life };

/**
 * What to put into the request that sends a message, so that it expires by itself, and what to register of it.
 *
 * By class: `otp` 10 minutes, `transactional` 72 hours, `promotional` 24 hours.
 *
 * @example
 * ```ts
 * const { fields, life } = expiryFields("google_rbm", "otp"); // fields: { ttl: "600s" }
 * await send({ contentMessage: { text }, ...fields });
 * revocation.record({ fact: "registered", by: { kind: "api", id: callId }, receivedAt: Date.now(), life });
 * ```
 *
 * @param wanted A class, or a length of time.
 * @throws {@link RcsRevokeError} `ttl_out_of_range`: Google takes 10 seconds to 15 days, Vonage 5 minutes to
 * 72 hours.
 */
export function expiryFields<P extends Provider>(
    provider: P,
    wanted: MessageClass | Span,
): Extract<ExpiryFields, { provider: P }>;
