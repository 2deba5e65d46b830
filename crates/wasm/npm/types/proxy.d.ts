// What the server takes and gives, in JavaScript's names. A test holds it beside the server's own description.

import type { NextSms, SentSms, SmsWords } from "./fallback.js";
import type { MessageId, MessageRef, Provider, SourceId, Span, Time, Timestamp, WishId } from "./ids.js";
import type { Explanation, Outcome, OutcomeCode, Sentence, Step } from "./outcome.js";
import type { Route } from "./region.js";
import type { Host, Policy, Source } from "./source.js";

/**
 * The key of a message: as `messageRef` and `parseId` give it, or spelt out.
 *
 * @example
 * ```ts
 * const key: MessageKey = "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
 * ```
 */
export type MessageKey = MessageRef | `vonage:${string}` | `google_rbm:${string}:${string}`;

/**
 * One message to revoke, with what else you know of it.
 *
 * @example
 * ```ts
 * const item: RevocationItem = { message: "google_rbm:my_agent@rbm.goog:123456661", phone: "+447700900000" };
 * await client.revoke(item);
 * ```
 */
export interface RevocationItem {
    message: MessageKey;
    /** Its source; needed where several fit and none is known for the message. */
    source?: string | undefined;
    /** The recipient; Google needs it, unless it was registered. */
    phone?: string | undefined;
    sentAt?: Time | undefined;
}

/**
 * What became of each item of a command.
 *
 * @example
 * ```ts
 * const { made, already, refused }: RevocationReport = await client.revoke(messages);
 * ```
 */
export interface RevocationReport {
    /** How many new wishes were made. */
    made: number;
    /** How many messages already had a live wish that nobody has answered. */
    already: number;
    /** How many were refused. */
    refused: number;
    /** Each item, in the command's order. */
    results: RevocationResult[];
}

/**
 * What became of one item.
 *
 * @example
 * ```ts
 * const wishOf = (result: RevocationResult) => (result.taken === "refused" ? undefined : result.wish);
 * ```
 */
export type RevocationResult = { message: MessageRef } & (
    | { taken: "made" | "already"; wish: WishId }
    | { taken: "refused"; code: string; detail: string }
);

/**
 * The sending system's own word about one message.
 *
 * @example
 * ```ts
 * const registration: Registration = { id: "123456661", source: "promo", phone: "+447700900000", sentAt: new Date(), noExpiry: true };
 * await client.register(registration);
 * ```
 */
export interface Registration {
    /** Its id at its provider. */
    id: string;
    /** The source that sent it. */
    source: string;
    phone?: string | undefined;
    sentAt?: Time | undefined;
    /** Its end of life; not together with `ttl` or `noExpiry`. */
    expiresAt?: Time | undefined;
    /** Its time to live; not together with `expiresAt` or `noExpiry`. */
    ttl?: Span | undefined;
    /** Its sender set no end of life. */
    noExpiry?: boolean | undefined;
    /** The host that took it. */
    host?: Host | undefined;
    /** Its message class, such as `otp`; without one, its source's. */
    class?: string | undefined;
    /** The text to send by SMS instead: at most 1,000 characters. */
    fallbackText?: string | undefined;
    /** Whether it carries a failover of its own. */
    failover?: boolean | undefined;
    /** When it is to be revoked unless it was delivered by then. */
    revokeAt?: Time | undefined;
}

/**
 * What became of many registrations.
 *
 * @example
 * ```ts
 * const { kept, refused, problems }: BulkReport = await client.registerMany(registrations);
 * ```
 */
export interface BulkReport {
    kept: number;
    refused: number;
    /** Why, for the first hundred of them. */
    problems: RowProblem[];
}

/**
 * What became of each registration of a call.
 *
 * @example
 * ```ts
 * const { kept, refused }: RegistrationReport = await client.register(registrations);
 * ```
 */
export interface RegistrationReport {
    kept: number;
    refused: number;
    /** Each, in the call's order. */
    results: RegistrationResult[];
}

/**
 * What became of one registration: kept under this key, or refused for this reason.
 *
 * @example
 * ```ts
 * const complain = ({ problem }: RegistrationResult) => problem && console.warn(problem.detail);
 * ```
 */
export interface RegistrationResult {
    message?: MessageRef;
    problem?: RowProblem;
}

/**
 * What became of a ledger's rows.
 *
 * @example
 * ```ts
 * const isWhole = ({ refused }: ImportReport) => refused === 0;
 * ```
 */
export interface ImportReport {
    /** Rows kept as registrations. */
    kept: number;
    /** Rows that name a message named before. */
    duplicates: number;
    /** Rows refused. */
    refused: number;
    /** Why, for the first hundred of them. */
    problems: RowProblem[];
}

/**
 * What is wrong with one item, or one row of a ledger, or one registration of many.
 *
 * @example
 * ```ts
 * const complain = ({ line, detail }: RowProblem) => console.warn(`item ${line}: ${detail}`);
 * ```
 */
export interface RowProblem {
    /** Its place in the list, from 0; of a row of a ledger, its line, and of one of many, its place, from 1. */
    line: number;
    /** Where in its line it begins, from 1. Only of a row of a ledger. */
    column?: number;
    /** The stable code. */
    code: string;
    /** What is wrong and what to do. */
    detail: string;
}

/**
 * Which messages to list.
 *
 * @example
 * ```ts
 * const query: MessageQuery = { outcome: ["inconclusive", "unconfirmed"], source: "otp-eu", limit: 200 };
 * await client.messages(query);
 * ```
 */
export interface MessageQuery {
    /** Only those with one of these outcomes: at least one. */
    outcome?: OutcomeCode | readonly OutcomeCode[] | undefined;
    /** Only those of which the person got an SMS too, or may have. */
    duplicate?: boolean | undefined;
    /** Only those of this source. */
    source?: string | undefined;
    /** A batch's id: only its messages, but for those that a later batch has taken up. */
    batch?: string | undefined;
    /** The beginning of an id, or the end of a phone number. */
    q?: string | undefined;
    /** The `next` of a former page. */
    after?: string | undefined;
    /** How many at most: 50 unless told, from 1 to 500. */
    limit?: number | undefined;
}

/**
 * One page of messages, the latest changed first.
 *
 * @example
 * ```ts
 * const page: MessagePage = await client.messages();
 * const next = page.next === undefined ? undefined : await client.messages({ after: page.next });
 * ```
 */
export interface MessagePage {
    items: MessageView[];
    /** Where the next page begins; absent on the last. */
    next?: string;
    /** How many messages there are of each outcome, whatever the query. */
    counts: { [code in OutcomeCode]?: number };
    /** How many people got the message and an SMS, or may have. */
    duplicates: number;
}

/**
 * One message, as the server sees it now.
 *
 * @example
 * ```ts
 * const line = (view: MessageView) => `${view.id} ${outcomeInfo(view.outcome.outcome).label}: ${sentenceText(view.why)}`;
 * ```
 */
export interface MessageView {
    /** Its key. */
    message: MessageRef;
    provider: Provider;
    /** Its id at its provider. */
    id: MessageId;
    source?: SourceId;
    /** The recipient, masked. */
    recipient?: string;
    /** What became of it. */
    outcome: Outcome;
    /** Why, in a few words. */
    why: Sentence;
    /** What the server does next. */
    step: Step;
    /** The last SMS that was to leave instead of it. */
    sms?: SentSms;
    sentAt?: Timestamp;
    /** When its revocation window closes. */
    windowCloses?: Timestamp;
    /** When the outcome or a fact last changed. */
    changedAt: Timestamp;
    /** Grows with every change of this message. */
    version: number;
    /** Whether its source never had a verified webhook, so that silence proves nothing. */
    deaf: boolean;
}

/**
 * One message in full.
 *
 * @example
 * ```ts
 * const { timeline, closedBecause }: MessageDetail = await client.message(key);
 * ```
 */
export interface MessageDetail extends MessageView {
    /** Why the outcome is what it is. */
    explanation: Omit<Explanation, "outcome">;
    /** What happened, in order. */
    timeline: TimelineEntry[];
    /** The end of the message's own life. */
    horizon?: Timestamp;
    class?: string;
    /** The host that holds it, as far as known. */
    host?: Host;
    /** A wish whose time has not come. */
    planned?: PlannedWish;
    /** Where the next request goes, or would go, and in words why. */
    route: Route & { host: Host; why: Sentence };
    /** What is to be done about an SMS instead. */
    smsInstead: SmsInstead;
    /** The wish that can still be withdrawn. */
    openWish?: WishId;
    /** Why it cannot be asked for again; absent if it can. */
    closedBecause?: Sentence;
}

/**
 * A wish whose time has not come. It is moved by a command with `replace`, which states all of it anew.
 *
 * @example
 * ```ts
 * const { planned }: { planned?: PlannedWish } = await client.message(key);
 * if (planned) {
 *     const { then, reason } = planned;
 *     await client.revoke(key, { then, reason, notBefore: planned.at + 3_600_000, replace: true });
 * }
 * ```
 */
export interface PlannedWish {
    /** When its time comes. */
    at: Timestamp;
    /** Who planned it: an operator, or the message's class. */
    by: string;
    /** What shall follow. */
    then: "nothing" | "fallback" | "sms";
    /** Why, in the operator's words. */
    reason?: string;
}

/**
 * What there is to know of an SMS instead of one message.
 *
 * @example
 * ```ts
 * const { smsInstead }: MessageDetail = await client.message(key);
 * const { next, preview }: SmsInstead = smsInstead;
 * if (next.offer === "by_hand" && preview) {
 *     await client.orderFallback({ message: key, fallback: next.number });
 * }
 * ```
 */
export interface SmsInstead {
    /** What is to be done, and the number that the next SMS gets. */
    next: NextSms;
    /** Why, and what an SMS may duplicate. */
    words: SmsWords;
    /** What it would say, and to whom. */
    preview?: SmsPreview;
    /** Why there is no preview. */
    problem?: string;
    /** The SMS that were to leave, by their numbers. */
    sent: SentSms[];
}

/**
 * One SMS as it would leave now.
 *
 * @example
 * ```ts
 * const line = ({ from, to, text }: SmsPreview) => `${from} to ${to}: ${text}`;
 * ```
 */
export interface SmsPreview {
    from: string;
    /** Who gets it, masked. */
    to: string;
    text: string;
    /** Of how many parts it is at least: each is paid for. */
    parts: number;
    /** The source whose account pays for it. */
    source: SourceId;
    /** What it costs, as far as that is known. */
    cost: Sentence;
}

/**
 * An order that an SMS be sent instead of a message, whatever it may duplicate.
 *
 * @example
 * ```ts
 * const { smsInstead } = await client.message(key);
 * const order: FallbackOrder = { message: key, fallback: smsInstead.next.number };
 * await client.orderFallback(order);
 * ```
 */
export interface FallbackOrder {
    message: MessageKey;
    /** The number of the SMS that is expected to leave: refused if another has it. */
    fallback: number;
    /** What it shall say, instead of the registered text. */
    text?: string | undefined;
}

/**
 * An order that was taken; durable.
 *
 * @example
 * ```ts
 * const { fallback }: FallbackTaken = await client.orderFallback({ message: key, fallback: 1 });
 * ```
 */
export interface FallbackTaken {
    message: MessageRef;
    fallback: number;
}

/**
 * One entry of a timeline.
 *
 * @example
 * ```ts
 * const line = ({ at, title }: TimelineEntry) => `${new Date(at).toISOString()} ${sentenceText(title)}`;
 * ```
 */
export interface TimelineEntry {
    at: Timestamp;
    /** Who did it: the server or its operator, the provider or handset, or nobody but the clock. */
    side: "us" | "them" | "time";
    title: Sentence;
    note?: Sentence;
    /** The request, answer or event as it was, with phone numbers masked. */
    raw?: string;
    /** The outcome from then on, where it changed. */
    outcome?: Outcome;
}

/**
 * What is known of one id.
 *
 * @example
 * ```ts
 * const known: Lookup[] = await client.lookup(lines);
 * ```
 */
export interface Lookup {
    /** The id that was asked for. */
    id: string;
    message: MessageRef;
    source?: SourceId;
    /** Whether the recipient is known. */
    hasRecipient: boolean;
    sentAt?: Timestamp;
    windowCloses?: Timestamp;
    outcome: OutcomeCode;
}

/**
 * What a withdrawal did.
 *
 * @example
 * ```ts
 * const { withdrawn, tooLate }: WithdrawalReport = await client.withdraw(messages);
 * ```
 */
export interface WithdrawalReport {
    /** Wishes taken back before anything was sent. */
    withdrawn: number;
    /** Messages whose request had left already: nothing can take that back, but no retry follows. */
    tooLate: number;
    /** Messages without a live wish, or not known. */
    nothingToWithdraw: number;
}

/**
 * One configured sender.
 *
 * @example
 * ```ts
 * const deaf = (await client.sources()).filter((view: SourceView) => view.lastWebhookAt === undefined);
 * ```
 */
export interface SourceView {
    /** What `routeRegion` and `Revocation` of this package take. */
    source: Source;
    /** The figures in force. */
    policy: Policy;
    /** How its operator calls it. */
    label: string;
    /** The path that its webhooks come in on. */
    webhookPath: string;
    /** When its last verified webhook came; absent if never, and then silence proves nothing. */
    lastWebhookAt?: Timestamp;
    /** Webhooks refused since the server started. */
    refusedWebhooks: number;
}

/**
 * Who serves, and what time it is there.
 *
 * @example
 * ```ts
 * const { version: release, now }: SessionView = await client.session();
 * ```
 */
export interface SessionView {
    version: string;
    /** Whether the providers are simulated. */
    demo: boolean;
    /** The server's clock. */
    now: Timestamp;
    /** How much faster than real time that clock runs; 1 but in a demo. */
    clockScale: number;
    /** How many messages at least must be confirmed by their number, in the console. */
    confirmFrom: number;
}

/**
 * What a watch brings.
 *
 * @example
 * ```ts
 * const messageOf = (event: WatchEvent) => (event.event === "message" ? event.message : undefined);
 * ```
 */
export type WatchEvent =
    /**
     * The stream is open, at first and after every break. When it is not resumed, changes before it are not shown:
     * list the messages once.
     */
    | { event: "hello"; id: string; isResumed: boolean; session: SessionView }
    /** A message changed; this is what it is now. */
    | { event: "message"; id: string; message: MessageView };
