import type { MessageRef, SourceId, Timestamp } from "./ids.js";
import type { Sentence } from "./outcome.js";
import type { OutgoingRequest } from "./request.js";

/**
 * Why no SMS leaves by itself.
 *
 * @example
 * ```ts
 * const isForGood = (because: Because) => because === "delivered" || because === "unsubscribed";
 * ```
 */
export type Because =
    /** The person has the message. */
    | "delivered"
    /** The recipient's number is not known. */
    | "no_recipient"
    /** The source has no sender of SMS: its `sms` is missing. */
    | "no_sender"
    /** The person wants no more advertising. */
    | "unsubscribed"
    /** The provider's reason speaks about the person, and would hold for an SMS too. */
    | "person"
    /** The message has no class, or one that the policy does not know. */
    | "no_class"
    /** One was sent. */
    | "sms_sent"
    /** One may have been sent. */
    | "sms_maybe_sent"
    /** The last one was refused for a reason that does not pass by itself. */
    | "sms_refused"
    /** Nobody wished that the message be revoked. */
    | "no_wish"
    /** The wish says: then nothing. */
    | "then_nothing"
    /** The class leaves this outcome to a person, or wants no SMS at it. */
    | "outcome"
    /** An event names another number than the registration. */
    | "phone_mismatch"
    /** The message carries a failover of its own. */
    | "own_failover"
    /** It is not known when the message was sent. */
    | "unknown_age"
    /** The content is too old. */
    | "stale"
    /** The class is for advertising and has no `notAfter`. */
    | "no_limit"
    /** No text was registered, and the class has none of its own. */
    | "no_text";

/**
 * What is to be done about an SMS instead: it leaves `now`, or `at` an instant, by itself; it must `wait` until it is
 * known what the revocation did; a person may order it (`by_hand`); there is none (`no`).
 *
 * @example
 * ```ts
 * const mayOrder = ({ offer }: NextSms) => offer !== "no" && offer !== "wait";
 * ```
 */
export type NextSms = {
    /** The number that the next SMS gets. An order names it, so that it cannot mean another one. */
    number: number;
} & (
    | { offer: "now" | "wait" }
    | { offer: "at"; at: Timestamp }
    | { offer: "by_hand" | "no"; because: Because }
);

/**
 * What there is to say of an SMS.
 *
 * @example
 * ```ts
 * const { what, risk }: SmsWords = revocation.fallback();
 * console.log(sentenceText(what), sentenceText(risk));
 * ```
 */
export interface SmsWords {
    /** What happens by itself, and why. */
    what: Sentence;
    /** What an SMS sent now may duplicate. */
    risk: Sentence;
}

/**
 * What is to be done about an SMS instead, in words too.
 *
 * @example
 * ```ts
 * const next: Fallback = revocation.fallback();
 * if (next.offer === "by_hand") {
 *     console.log(`SMS ${next.number}? ${sentenceText(next.risk)}`);
 * }
 * ```
 */
export type Fallback = NextSms & SmsWords;

/**
 * The request that sends the next SMS, without a credential.
 *
 * @example
 * ```ts
 * const { fallback, via, ...built }: FallbackRequest = revocation.smsRequest();
 * ```
 */
export interface FallbackRequest extends OutgoingRequest {
    /** The number of the SMS within the message. */
    fallback: number;
    /** The source whose account sends it. */
    via: SourceId;
}

/**
 * One SMS that was to leave, and what became of it: its request is on its way (`sending`); the provider took it
 * (`sent`), handed it over (`submitted`), delivered it; it will not be delivered; nobody knows whether it left
 * (`maybe_sent`); it surely did not (`not_sent`).
 *
 * @example
 * ```ts
 * const mayArrive = ({ sms }: SentSms) => sms !== "not_sent" && sms !== "not_delivered";
 * ```
 */
export type SentSms = {
    number: number;
    /** When it was meant to leave. */
    at: Timestamp;
} & (
    | { sms: "sending" | "sent" | "submitted" | "delivered" | "maybe_sent" | "not_sent" }
    | { sms: "not_delivered"; code: string }
);

/**
 * What the SMS of that number carries as its `client_ref`: the same on every machine, and telling nothing about the
 * message. A status that comes back with it is about this SMS, even if the answer to its request was lost.
 *
 * @example
 * ```ts
 * await keep(smsReference(message, 1), message); // "rr-" and 40 digits
 * ```
 *
 * @param fallback The number of the SMS within the message, from 1.
 * @throws {@link RcsRevokeError} `invalid_id`, `invalid_argument`.
 */
export function smsReference(message: MessageRef, fallback: number): string;
