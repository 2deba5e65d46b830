import type { Ack } from "./answer.js";
import type { PhoneNumber, Span, Time, WishId } from "./ids.js";
import type { Host } from "./source.js";

/**
 * What a provider told, in our words.
 *
 * @example
 * ```ts
 * const word: EventWord = { event: "not_delivered", code: "1330" };
 * ```
 */
export type EventWord =
    | { event: "submitted" | "delivered" | "read" | "expiry_revoked" | "expiry_revoke_failed" | "unsubscribed" }
    | { event: "not_delivered"; code: string }
    | { event: "unknown_expiry_word" | "unknown_word"; word: string };

/**
 * Something that you did or were told about one message. Its times are `Date | number` where facts are given, and
 * numbers where they are returned.
 *
 * @example
 * ```ts
 * const facts: Fact[] = revocation.facts();
 * const answers = facts.filter((fact) => fact.fact === "answered");
 * ```
 */
export type Fact<T extends Time = number> =
    | Registered<T>
    | Requested<T>
    | Withdrawn<T>
    | Attempted<T>
    | Answered<T>
    | ProviderEvent<T>
    | FallbackOrdered<T>
    | FallbackIntended<T>
    | FallbackAnswered<T>
    | FallbackStatus<T>;

/**
 * When a message's own life ends; `none` says that its sender set no end.
 *
 * @example
 * ```ts
 * const life: Life<Time> = { kind: "ttl", ttl: 600_000 };
 * ```
 */
export type Life<T extends Time = number> =
    | { kind: "expires_at"; at: T }
    | { kind: "ttl"; ttl: Span }
    | { kind: "none" };

/**
 * A sender's word about a message.
 *
 * @example
 * ```ts
 * const registered: Registered<Time> = {
 *     fact: "registered",
 *     by: { kind: "api", id: "send-4711" },
 *     receivedAt: new Date(),
 *     sentAt: new Date(),
 *     life: { kind: "ttl", ttl: 600_000 },
 *     class: "otp",
 *     phone: parseId("phone", "+447700900000"),
 *     fallbackText: "Your code is 1234",
 * };
 * ```
 */
export interface Registered<T extends Time = number> {
    fact: "registered";
    /** Who told: a call of the sending system, its ledger, or an operator. */
    by: { kind: "api" | "ledger" | "operator"; id: string };
    receivedAt: T;
    sentAt?: T;
    life?: Life<T>;
    class?: string;
    phone?: PhoneNumber;
    /** The host that took the message when it was sent. */
    host?: Host;
    /** Whether the message carries a failover of its own. */
    failover?: boolean;
    /** What an SMS says instead. */
    fallbackText?: string;
    /** When it is to be revoked unless it was delivered by then. */
    revokeAt?: T;
}

/**
 * A wish that the message be revoked.
 *
 * @example
 * ```ts
 * const requested: Requested<Time> = { fact: "requested", wish: parseId("wish", "rev_1"), by: "ops", at: new Date() };
 * ```
 */
export interface Requested<T extends Time = number> {
    fact: "requested";
    wish: WishId;
    by: string;
    at: T;
    /** Not to be attempted before this instant. */
    notBefore?: T;
    /** What then; default `nothing`. With `fallback` an SMS follows where the message's class allows it. */
    then?: "nothing" | "fallback";
    reason?: string;
    /** Whether to try even though the window has closed. */
    overrideWindow?: boolean;
    /** Whether an operator orders the SMS in advance: *revoke again, then SMS*. */
    hand?: boolean;
    /** The batch that it was made in. */
    batch?: string;
}

/**
 * A wish taken back.
 *
 * @example
 * ```ts
 * const withdrawn: Withdrawn<Time> = { fact: "withdrawn", wish: parseId("wish", "rev_1"), by: "ops", at: new Date() };
 * ```
 */
export interface Withdrawn<T extends Time = number> {
    fact: "withdrawn";
    wish: WishId;
    by: string;
    at: T;
}

/**
 * One HTTP call, begun.
 *
 * @example
 * ```ts
 * const step = revocation.nextStep();
 * if (step.step === "send") {
 *     const { wish, attempt, host } = step;
 *     const attempted: Attempted<Time> = { fact: "attempted", wish, attempt, host, begunAt: Date.now() };
 *     revocation.record(attempted);
 * }
 * ```
 */
export interface Attempted<T extends Time = number> {
    fact: "attempted";
    /** The attempt's number within the message, from 1. */
    attempt: number;
    wish: WishId;
    host: Host;
    begunAt: T;
}

/**
 * One HTTP call, ended.
 *
 * @example
 * ```ts
 * const answered: Answered<Time> = { fact: "answered", attempt, status: 202, ack: "accepted", at: Date.now() };
 * ```
 */
export type Answered<T extends Time = number> = Ack & {
    fact: "answered";
    attempt: number;
    /** The HTTP status, where there was one. */
    status?: number;
    /** The body as read, shortened as {@link readAnswer} does. */
    body?: string;
    at: T;
};

/**
 * One event of the provider about the message.
 *
 * @example
 * ```ts
 * const event: ProviderEvent<Time> = { fact: "event", event: "delivered", identity: "e-1", receivedAt: Date.now() };
 * ```
 */
export type ProviderEvent<T extends Time = number> = EventWord & {
    fact: "event";
    identity: string;
    receivedAt: T;
    eventTime?: string;
    phone?: PhoneNumber;
    workflow?: boolean;
    raw?: string;
};

/**
 * An operator's word that an SMS be sent, whatever it may duplicate. Record none where {@link Revocation.fallback}
 * offers none, and none of another number than it tells.
 *
 * @example
 * ```ts
 * const { offer, number: fallback } = revocation.fallback();
 * if (offer !== "no" && offer !== "wait") {
 *     const ordered: FallbackOrdered<Time> = { fact: "fallback_ordered", fallback, by: "ops", at: Date.now() };
 *     revocation.record(ordered);
 * }
 * ```
 */
export interface FallbackOrdered<T extends Time = number> {
    fact: "fallback_ordered";
    /** The SMS's number within the message, from 1. */
    fallback: number;
    by: string;
    at: T;
    /** What it shall say, instead of the registered text. */
    text?: string;
}

/**
 * An SMS that you meant to send.
 *
 * @example
 * ```ts
 * const { fallback, body: request = "" } = revocation.smsRequest();
 * const intended: FallbackIntended<Time> = { fact: "fallback_intended", fallback, request, at: Date.now() };
 * revocation.record(intended); // before the request leaves
 * ```
 */
export interface FallbackIntended<T extends Time = number> {
    fact: "fallback_intended";
    /** The SMS's number within the message, from 1. */
    fallback: number;
    at: T;
    /** The request, without its credential. */
    request: string;
}

/**
 * The answer to an SMS request, as {@link readSmsAnswer} reads it.
 *
 * @example
 * ```ts
 * const answered: FallbackAnswered<Time> = {
 *     fact: "fallback_answered",
 *     fallback: 1,
 *     ack: "accepted",
 *     providerId: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
 *     at: Date.now(),
 * };
 * ```
 */
export type FallbackAnswered<T extends Time = number> = Ack & {
    fact: "fallback_answered";
    fallback: number;
    /** The provider's id of the SMS. */
    providerId?: string;
    at: T;
};

/**
 * What became of an SMS.
 *
 * @example
 * ```ts
 * const status: FallbackStatus<Time> = {
 *     fact: "fallback_status",
 *     fallback: 1,
 *     event: "delivered",
 *     identity: "s-1",
 *     receivedAt: Date.now(),
 * };
 * ```
 */
export type FallbackStatus<T extends Time = number> = EventWord & {
    fact: "fallback_status";
    fallback: number;
    identity: string;
    receivedAt: T;
};
