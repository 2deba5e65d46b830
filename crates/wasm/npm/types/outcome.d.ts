import type { Requested } from "./fact.js";
import type { Timestamp, WishId } from "./ids.js";
import type { Host } from "./source.js";

/**
 * What became of a message, as far as the facts say.
 *
 * @example
 * ```ts
 * const outcome: Outcome = revocation.outcome();
 * if (outcome.outcome === "delivered" && outcome.raced) {
 *     console.log("the request came too late");
 * }
 * ```
 */
export type Outcome = Verdict & {
    /** What an operator should look at besides. */
    readonly flags?: {
        readonly unknownWord?: boolean;
        readonly registrationsDiffer?: boolean;
        readonly phoneMismatch?: boolean;
    };
};

/**
 * What happened.
 *
 * @example
 * ```ts
 * const isProof = (verdict: Verdict) => verdict.outcome === "revoked" && verdict.proof === "event";
 * ```
 */
export type Verdict =
    | {
        readonly outcome: "delivered";
        /** When it was first heard so. */
        readonly at: Timestamp;
        readonly read?: boolean;
        /** The provider had taken the request: the ordinary race. */
        readonly raced?: boolean;
        /** Somebody had told that it would not be delivered. */
        readonly contradicts?: boolean;
        /** Whether the person also got an SMS. */
        readonly duplicate?: "yes" | "possible";
    }
    | { readonly outcome: "revoked"; readonly proof: "event" | "answer" }
    | { readonly outcome: "not_delivered"; readonly code: string }
    | { readonly outcome: "settling"; readonly until: Timestamp }
    | { readonly outcome: "inconclusive"; readonly why: "expiry" | "not_found" | "effect_unknown" }
    | { readonly outcome: "planned"; readonly notBefore?: Timestamp }
    | { readonly outcome: "refused"; readonly reason: RevokeRefusal }
    | {
        readonly outcome:
            | "requesting"
            | "presumed_revoked"
            | "unconfirmed"
            | "lapsed"
            | "presumed_delivered"
            | "withdrawn"
            | "watched";
    };

/**
 * The code of an outcome.
 *
 * @example
 * ```ts
 * const code: OutcomeCode = revocation.outcome().outcome;
 * ```
 */
export type OutcomeCode = Verdict["outcome"];

/**
 * Why nothing more is tried.
 *
 * @example
 * ```ts
 * const isOver = (reason: RevokeRefusal) => reason === "window_closed" || reason === "expired";
 * ```
 */
export type RevokeRefusal =
    | "window_closed"
    | "expired"
    | "not_found"
    | "unreachable"
    | "throttled"
    | "unsupported"
    | "invalid"
    | "credentials"
    | "permission"
    | "no_credit"
    | "needs_input";

/**
 * What is the same for every outcome of one code.
 *
 * @example
 * ```ts
 * const show = ({ label, sureness }: OutcomeInfo) => (sureness === "presumed" ? `${label} (not proven)` : label);
 * ```
 */
export interface OutcomeInfo {
    code: OutcomeCode;
    /** Its name for people. */
    label: string;
    /**
     * What it is about: `back` it did not reach the person (revoked, presumed so, or not delivered); `reached` it did,
     * or is presumed to; `flight` it is on its way; `open` asked for without proof; `unknown`; `refused` nothing more
     * is tried, or the wish was withdrawn.
     */
    tone: "back" | "reached" | "flight" | "open" | "unknown" | "refused";
    /**
     * How sure this very statement is. That a request was `refused` or a wish `withdrawn` is proven, too: it says
     * nothing about the message.
     */
    sureness: "proven" | "presumed" | "unknown" | "moving";
    /**
     * How much is known of the message itself: 3 told by the provider (`delivered`, `revoked`, `not_delivered`), 2
     * presumed (`presumed_revoked`, `presumed_delivered`), 1 an answer took the request (`settling`, `unconfirmed`), 0
     * all others.
     */
    rank: 0 | 1 | 2 | 3;
}

/**
 * What is the same for every outcome of one code: its label, tone and sureness.
 *
 * @example
 * ```ts
 * const { label, tone } = outcomeInfo(revocation.outcome().outcome);
 * ```
 */
export function outcomeInfo(code: OutcomeCode): OutcomeInfo;

/**
 * What comes next.
 *
 * @example
 * ```ts
 * const step: Step = revocation.nextStep();
 * switch (step.step) {
 *     case "send":
 *         console.log(`ask ${step.host}`);
 *         break;
 *     case "request":
 *         revocation.record({ fact: "requested", ...step.requested });
 *         break;
 *     case "send_fallback":
 *         console.log(`send SMS ${step.fallback}: ${revocation.smsRequest().body}`);
 *         break;
 *     case "wait_until":
 *         setTimeout(lookAgain, step.at - Date.now());
 *         break;
 *     case "ask_operator":
 *         console.log(`the ${step.question} is missing`);
 *         break;
 *     case "done":
 *         break;
 * }
 * ```
 */
export type Step =
    /** Send a request for this wish, as this attempt, to this host: record `attempted` first. */
    | { readonly step: "send"; readonly wish: WishId; readonly attempt: number; readonly host: Host }
    /** The message's class wishes that it be revoked: record this as a fact `requested`, as it is. */
    | { readonly step: "request"; readonly requested: Readonly<Omit<Requested, "fact">> }
    /** Send the SMS of this number now: record `fallback_intended` first. */
    | { readonly step: "send_fallback"; readonly fallback: number }
    /** Nothing to do before this instant. */
    | { readonly step: "wait_until"; readonly at: Timestamp; readonly brings: Brings }
    /** Only a person can tell. */
    | { readonly step: "ask_operator"; readonly question: "recipient" }
    | { readonly step: "done" };

/**
 * What an awaited instant brings.
 *
 * @example
 * ```ts
 * const texts: Partial<Record<Brings, string>> = { retry: "another try", settled: "the end of the wait" };
 * ```
 */
export type Brings =
    | "start"
    | "retry"
    | "overdue"
    | "settled"
    | "window_closes"
    | "life_ends"
    | "presumption_ends"
    | "last_webhook"
    | "fallback"
    | "stale";

/**
 * What the facts of one message mean at one instant. It is given out again while nothing changes, so it is frozen.
 *
 * @example
 * ```ts
 * const { outcome, step, lookAgainAt }: Assessment = revocation.assess();
 * ```
 */
export interface Assessment {
    readonly outcome: Outcome;
    readonly step: Step;
    /** The number of the SMS that is to leave now, whatever the step is: the two do not wait for each other. */
    readonly sms?: number;
    /** When time alone may change one of the two; absent if it never will. */
    readonly lookAgainAt?: Timestamp;
}

/**
 * A sentence in pieces: words, and instants to be shown in the reader's own zone.
 *
 * @example
 * ```ts
 * const sentence: Sentence = ["Asked at ", { time: Date.now() }, "."];
 * sentenceText(sentence);
 * ```
 */
export type Sentence = ReadonlyArray<string | { time: Timestamp }>;

/**
 * Why the outcome is what it is.
 *
 * @example
 * ```ts
 * const { short, notes, cites }: Explanation = revocation.explain();
 * console.log(sentenceText(short), notes.map((note) => sentenceText(note)), cites);
 * ```
 */
export interface Explanation {
    outcome: Outcome;
    /** A few words for a list. */
    short: Sentence;
    sentence: Sentence;
    /** What else to know: flags, and what silence does not prove. */
    notes: Sentence[];
    /** The keys of the facts that it rests on. */
    cites: string[];
}

/**
 * A sentence as one text.
 *
 * @example
 * ```ts
 * sentenceText(sentence, (time) => new Date(time).toLocaleTimeString("de-DE"));
 * ```
 *
 * @param showTime How an instant is written; by default as RFC 3339 in UTC.
 */
export function sentenceText(sentence: Sentence, showTime?: (time: Timestamp) => string): string;
