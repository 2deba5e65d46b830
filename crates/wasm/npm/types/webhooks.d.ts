/**
 * Verifies and reads the webhooks of both providers: a WebAssembly module of its own, loaded as that of `rcs-revoke` is,
 * so that a page, which has no secret to verify anything with, does not carry it.
 *
 * @module webhooks
 */
import type { BodyInput, HeadersInput } from "./answer.js";
import type { EventWord, FallbackStatus, ProviderEvent } from "./fact.js";
import type { AgentId, MessageId, MessageRef, PhoneNumber, Provider, SourceId, Time } from "./ids.js";
import type { Source } from "./source.js";

export type { BodyInput, HeadersInput } from "./answer.js";
export * from "./error.js";
export type { EventWord, FallbackStatus, ProviderEvent } from "./fact.js";
export type { AgentId, MessageId, MessageRef, PhoneNumber, Provider, SourceId, Time } from "./ids.js";
export * from "./init.js";
export type { Source } from "./source.js";

/**
 * What the webhooks of one source are verified with.
 *
 * @example
 * ```ts
 * const secret: WebhookSecret = { key: signatureSecret, account: "abcd1234" };
 * ```
 */
export interface WebhookSecret {
    /** Vonage's signature secret, or Google's client token. */
    key: string | Uint8Array;
    /** The name under which the provider knows it: Vonage's API key. */
    account?: string | undefined;
}

/**
 * One inbound call. The request of Node or Express itself fits, if its body was kept as bytes.
 *
 * @example
 * ```ts
 * const call: InboundCall = { method: request.method, headers: request.headers, body: await request.text() };
 * ```
 */
export interface InboundCall {
    method: string;
    headers: HeadersInput;
    /** The body, exactly as it came: verify before you parse. */
    body: BodyInput;
}

/**
 * Why a call is refused.
 *
 * @example
 * ```ts
 * const isSuspicious = (why: WebhookRefusal) => why === "signature_missing" || why === "signature_wrong";
 * ```
 */
export type WebhookRefusal =
    | "signature_missing"
    | "signature_wrong"
    | "malformed"
    | "wrong_token"
    | "not_configured"
    | "unknown_source"
    | "store_unavailable"
    | "wrong_method"
    | "too_large";

/**
 * A verified event about one message, before its source is known.
 *
 * @example
 * ```ts
 * const isDelivery = (event: IncomingEvent) => event.event === "delivered" || event.event === "read";
 * ```
 */
export type IncomingEvent = EventWord & {
    provider: Provider;
    /** The agent that it names. */
    agent?: AgentId;
    /** The application that it names. */
    application?: string;
    /** The sender that it names. */
    sender?: string;
    /** The message's id at its provider. */
    message: MessageId;
    /** The provider's own identity of the event. */
    identity: string;
    /** The provider's or handset's own time, as written. */
    eventTime?: string;
    /** The recipient that it names. */
    phone?: PhoneNumber;
    /** Whether it shows that the message carries a failover of its own. */
    workflow?: boolean;
    /** The event as it came. */
    raw: string;
};

/**
 * A verified status of an SMS, before it is known whose it is.
 *
 * @example
 * ```ts
 * const isOurs = (sms: IncomingSms) => sms.reference === smsReference(message, 1);
 * ```
 */
export type IncomingSms = EventWord & {
    provider: Provider;
    /** The application that it names. */
    application?: string;
    /** The SMS's id at its provider. */
    message: MessageId;
    /** What its sender gave it to be known by: of one that was sent instead of a message, its `smsReference`. */
    reference?: string;
    /** The provider's own identity of the status. */
    identity: string;
    /** The provider's own time, as written. */
    eventTime?: string;
    /** The recipient that it names. */
    phone?: PhoneNumber;
    /** The status as it came. */
    raw: string;
};

/**
 * A person's verified word about the advertising of one agent.
 *
 * @example
 * ```ts
 * const mayAdvertise = ({ subscribed }: Consent) => subscribed;
 * ```
 */
export interface Consent {
    provider: Provider;
    agent: AgentId;
    /** The person. */
    phone: PhoneNumber;
    /** Whether advertising is wanted. */
    subscribed: boolean;
    /** The provider's own identity of the event. */
    identity: string;
    /** The handset's own time, as written. */
    eventTime?: string;
    /** The event as it came. */
    raw: string;
}

/**
 * What a call turned out to be.
 *
 * @example
 * ```ts
 * const { verdict } = receiveWebhook("vonage", secret, call);
 * const event = verdict.verdict === "event" ? verdict : undefined;
 * ```
 */
export type WebhookVerdict =
    /** The provider checks that you hold the secret. */
    | { verdict: "handshake" }
    /** A verified event about a message. */
    | ({ verdict: "event" } & IncomingEvent)
    /** A verified status of an SMS, which may be one that was sent instead of a message. */
    | ({ verdict: "sms" } & IncomingSms)
    /** A person wants an agent's advertising, or no more of it; verified. */
    | ({ verdict: "consent" } & Consent)
    /** Verified, and about no RCS message of yours to revoke. */
    | { verdict: "aside"; about: string; raw: string }
    /** Verified, but not to be understood by this version: keep it. */
    | { verdict: "unreadable"; reason: string; raw: string }
    /** Not verified: keep nothing of it. */
    | { verdict: "refused"; why: WebhookRefusal };

/**
 * How to answer a call, and what it was.
 *
 * @example
 * ```ts
 * const answer = ({ status, body }: Reception) => new Response(body, { status });
 * ```
 */
export interface Reception {
    /** The HTTP status to answer with, once what is to be kept is durable. */
    status: number;
    /** The body to answer with; empty in all cases but a handshake. */
    body: string;
    verdict: WebhookVerdict;
}

/**
 * Verifies and reads an inbound webhook call, and says how to answer it. A call that must be refused is no error.
 *
 * @example
 * ```ts
 * const { status, body, verdict } = receiveWebhook("vonage", { key: secret }, {
 *     method: request.method,
 *     headers: request.headers,
 *     body: await request.arrayBuffer(),
 * });
 * if (verdict.verdict === "event") {
 *     await keep(eventMessage(verdict), eventFact(verdict, Date.now()));
 * }
 * return new Response(body, { status });
 * ```
 *
 * @param secret Without one every call is refused with `not_configured`.
 * @throws {@link RcsRevokeError} `invalid_argument` when the call has not its documented type: also without headers
 * or body, which every genuine call has; `too_large` when its headers are longer than 64 MB, which no platform lets in.
 */
export function receiveWebhook(
    provider: Provider,
    secret: WebhookSecret | string | undefined,
    call: InboundCall,
): Reception;

/**
 * The key of the message that an event is about.
 *
 * @example
 * ```ts
 * const message = eventMessage(incoming);
 * const revocation = revocations.get(message);
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_id` when the event names no agent where the key needs one.
 */
export function eventMessage(event: IncomingEvent): MessageRef;

/**
 * The fact that an event becomes.
 *
 * @example
 * ```ts
 * const isNews = revocation.record(eventFact(incoming, Date.now()));
 * ```
 */
export function eventFact(event: IncomingEvent, receivedAt: Time): ProviderEvent;

/**
 * The fact that the status of an SMS becomes about the message instead of which it was sent.
 *
 * @example
 * ```ts
 * const { verdict } = receiveWebhook("vonage", secret, call);
 * if (verdict.verdict === "sms") {
 *     // As it was kept when the SMS left.
 *     const { message, fallback } = JSON.parse(await readText(verdict.reference ?? ""));
 *     revocations.get(message)?.record(smsFact(verdict, fallback, Date.now()));
 * }
 * ```
 *
 * @param fallback The number of the SMS within that message.
 */
export function smsFact(sms: IncomingSms, fallback: number, receivedAt: Time): FallbackStatus;

/**
 * The fact that a person's word becomes about each message of that agent to that number; none if advertising is wanted.
 *
 * @example
 * ```ts
 * const { verdict } = receiveWebhook("google_rbm", secret, call);
 * const fact = verdict.verdict === "consent" ? consentFact(verdict, Date.now()) : undefined;
 * if (fact) {
 *     revocation.record(fact); // and so for each of their messages
 * }
 * ```
 */
export function consentFact(consent: Consent, receivedAt: Time): ProviderEvent | undefined;

/**
 * The source that an event belongs to, among those that share the secret it was verified with: the one that is
 * known for its message, else the only one that the event does not contradict; never a guess.
 *
 * @example
 * ```ts
 * const source = claimSource(incoming, sources);
 * if (source === undefined) {
 *     await keepUnclaimed(incoming);
 * }
 * ```
 *
 * @param known The source that is known for its message.
 */
export function claimSource(
    event: IncomingEvent,
    sources: readonly Source[],
    known?: string,
): SourceId | undefined;
