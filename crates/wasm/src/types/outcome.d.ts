/** What {@link assess}, {@link explain} and {@link nextStep} are asked. */
export interface Question {
    evidence: Evidence;
    source: Source;
    /** The figures; the provider's defaults unless given. */
    policy?: Policy | null;
    /** The instant to judge at: this module asks no clock. */
    now: Timestamp;
}

/** What the facts of one message mean at one instant. */
export interface Assessment {
    outcome: Outcome;
    step: Step;
    /** When time alone may change one of the two; `null` if it never will. */
    look_again_at: Timestamp | null;
}

/** What became of a message, as far as the facts say. */
export type Outcome = Verdict & {
    /** What an operator should look at besides. */
    flags?: { unknown_word?: boolean; registrations_differ?: boolean; phone_mismatch?: boolean };
};

/** What happened. */
export type Verdict =
    | {
        outcome: "delivered";
        /** When we first heard so. */
        at: Timestamp;
        read?: boolean;
        /** The provider had taken our request: the ordinary race. */
        raced?: boolean;
        /** Somebody had told us that it would not be delivered. */
        contradicts?: boolean;
        /** Whether the person also got our SMS. */
        duplicate?: "yes" | "possible";
    }
    | { outcome: "revoked"; proof: "event" | "answer" }
    | { outcome: "not_delivered"; code: string }
    | { outcome: "settling"; until: Timestamp }
    | { outcome: "inconclusive"; why: "expiry" | "not_found" | "effect_unknown" }
    | { outcome: "planned"; not_before?: Timestamp }
    | { outcome: "refused"; reason: RevokeRefusal }
    | {
        outcome:
            | "requesting"
            | "presumed_revoked"
            | "unconfirmed"
            | "lapsed"
            | "presumed_delivered"
            | "withdrawn"
            | "watched";
    };

/** Why nothing more is tried. */
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

/** What comes next. */
export type Step =
    | { step: "send"; wish: string; attempt: number; host: Host }
    | { step: "wait_until"; at: Timestamp; brings: Brings }
    | { step: "ask_operator"; question: "recipient" }
    | { step: "done" };

/** What an awaited instant brings. */
export type Brings =
    | "start"
    | "retry"
    | "overdue"
    | "settled"
    | "window_closes"
    | "life_ends"
    | "presumption_ends"
    | "last_webhook";

/** A sentence in pieces: words, and instants to be shown in the reader's own zone. */
export type Sentence = Array<string | { time: Timestamp }>;

/** Why the outcome is what it is. */
export interface Explanation {
    /** A few words for a list. */
    short: Sentence;
    sentence: Sentence;
    /** What else to know: flags, and what silence does not prove. */
    notes: Sentence[];
    /** The keys of the facts that it rests on. */
    cites: string[];
}
