import type { MessageRef, PhoneNumber, Provider, Span } from "./ids.js";
import type { PlatformRequest } from "./init.js";
import type { Host } from "./source.js";
import type { Life } from "./fact.js";

/**
 * The credential to attach; this package never sees it.
 *
 * @example
 * ```ts
 * const tokenFor = (auth: Auth) => (auth === "vonage_application_jwt" ? vonageToken() : googleToken());
 * ```
 */
export type Auth = "google_service_account" | "vonage_application_jwt";

/**
 * A request to a provider, complete but for its credential.
 *
 * @example
 * ```ts
 * const { method, url, headers, body }: OutgoingRequest = buildRevokeRequest({ message, host: "vonage.eu" });
 * ```
 */
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

/**
 * What {@link buildRevokeRequest} is asked for.
 *
 * @example
 * ```ts
 * const target: RevokeTarget = {
 *     message: parseId("message", "google_rbm:my_agent@rbm.goog:123456661"),
 *     recipient: parseId("phone", "+447700900000"),
 *     host: "google.europe",
 * };
 * ```
 */
export interface RevokeTarget {
    message: MessageRef;
    /** The recipient, where the provider's path needs it: at Google. */
    recipient?: PhoneNumber | undefined;
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

/**
 * The requests for many messages, in their order; what {@link buildRevokeRequest} builds for each.
 *
 * @example
 * ```ts
 * const requests = buildRevokeRequests(messages.map((message) => ({ message, host: "vonage.eu" })));
 * ```
 *
 * @throws {@link RcsRevokeError} As {@link buildRevokeRequest}; `path` says which, such as `targets[7].host`.
 */
export function buildRevokeRequests(targets: readonly RevokeTarget[]): OutgoingRequest[];

/**
 * An SMS to send instead of a message that was taken back.
 *
 * @example
 * ```ts
 * const target: SmsTarget = { from: "Acme", to: parseId("phone", "+447700900000"), text: "Your code: 1234", host: "vonage.eu" };
 * ```
 */
export interface SmsTarget {
    /** Who sends it: a number, or a name where the country allows one. */
    from: string;
    to: PhoneNumber;
    /** At most 1,000 characters, the least that any edition of Vonage's specification allows. */
    text: string;
    /** Where to send it. */
    host: Extract<Host, `vonage.${string}`>;
    /** How long it may wait for its phone: 20 s to 7 days. */
    ttl?: Span | undefined;
    /** Comes back in every status of the SMS: at most 100 characters. */
    clientRef?: string | undefined;
}

/**
 * The request that sends an SMS by Vonage, without its credential.
 *
 * It is never safe to send it twice: keep the intent before you send, and do not repeat an answer that may have
 * been taken.
 *
 * @example
 * ```ts
 * const request = buildSmsRequest({ from: "Acme", to: phone, text: "Your code: 1234", host: "vonage.eu" });
 * revocation.record({ fact: "fallback_intended", fallback: 1, request: request.body ?? "", at: Date.now() });
 * const response = await fetch(toRequest(request, { authorization }));
 * ```
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
 * @throws {@link RcsRevokeError} `unsupported` where there is no `Request`, `invalid_argument` where the platform
 * makes none of it.
 */
export function toRequest(
    request: OutgoingRequest,
    options?: {
        /** The value of the header `Authorization`: visible ASCII. No error ever repeats it. */
        authorization?: string | undefined;
        /** Where to send it instead of the documented host, such as a simulator: without a slash at the end. */
        baseUrl?: string | undefined;
        /** Ends the call, such as `AbortSignal.timeout(30_000)`. */
        signal?: AbortSignalLike | undefined;
    },
): PlatformRequest;

/**
 * `AbortSignal`, where the platform's own types are not known.
 *
 * @example
 * ```ts
 * const signal: AbortSignalLike = AbortSignal.timeout(30_000);
 * ```
 */
export type AbortSignalLike = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : object;

/**
 * How long messages of one class stay wanted.
 *
 * @example
 * ```ts
 * const wanted: MessageClass = "otp";
 * ```
 */
export type MessageClass = "otp" | "transactional" | "promotional";

/**
 * The field that ends a message's own life, to be put into the request that sends it.
 *
 * @example
 * ```ts
 * const { fields, life }: ExpiryFields = expiryFields("vonage", 600_000);
 * ```
 */
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
