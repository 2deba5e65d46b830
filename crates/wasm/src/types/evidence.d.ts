/** Everything known of one message. The order of the facts never matters; equal keys are one fact. */
export interface Evidence {
    message: MessageRef;
    facts: Fact[];
}

/** What a provider told, in our words. */
export type EventWord =
    | { event: "submitted" | "delivered" | "read" | "expiry_revoked" | "expiry_revoke_failed" }
    | { event: "not_delivered"; code: string }
    | { event: "unknown_expiry_word" | "unknown_word"; word: string };

/** Something that we did or were told about one message. */
export type Fact =
    | ({ fact: "registered" } & Registered)
    | ({ fact: "requested" } & Requested)
    | ({ fact: "withdrawn" } & Withdrawn)
    | ({ fact: "attempted" } & Attempted)
    | ({ fact: "answered" } & Answered)
    | ({ fact: "event" } & ProviderEvent)
    | ({ fact: "fallback_intended" } & FallbackIntended)
    | ({ fact: "fallback_answered" } & FallbackAnswered)
    | ({ fact: "fallback_status" } & FallbackStatus);

/** A sender's word about a message. */
export interface Registered {
    /** Who told us. */
    by: { kind: "api" | "ledger" | "operator"; id: string };
    received_at: Timestamp;
    sent_at?: Timestamp | null;
    /** Its own end of life; `none` says that the sender set none. */
    life?: { kind: "expires_at"; at: Timestamp } | { kind: "ttl"; ttl: Span } | { kind: "none" } | null;
    class?: string | null;
    phone?: E164 | null;
    /** The host that took the message when it was sent. */
    host?: Host | null;
    /** Whether the message carries a failover of its own. */
    failover?: boolean | null;
    fallback_text?: string | null;
}

/** A wish that the message be revoked. */
export interface Requested {
    wish: string;
    by: string;
    at: Timestamp;
    /** Not to be attempted before this instant. */
    not_before?: Timestamp | null;
    then?: "nothing" | "fallback";
    reason?: string | null;
    /** Whether to try even though the window has closed. */
    override_window?: boolean;
}

/** A wish taken back. */
export interface Withdrawn {
    wish: string;
    by: string;
    at: Timestamp;
}

/** One HTTP call, begun. */
export interface Attempted {
    /** The attempt's number within the message, from 1. */
    attempt: number;
    wish: string;
    host: Host;
    begun_at: Timestamp;
}

/** One HTTP call, ended. */
export type Answered = Ack & {
    attempt: number;
    /** The HTTP status, where there was one. */
    status?: number | null;
    /** The body as read, shortened. */
    body?: string | null;
    at: Timestamp;
};

/** One event of the provider about the message. */
export type ProviderEvent = EventWord & {
    identity: string;
    received_at: Timestamp;
    event_time?: string | null;
    phone?: E164 | null;
    workflow?: boolean;
    raw?: string;
};

/** An SMS that we meant to send. */
export interface FallbackIntended {
    /** The SMS's number within the message, from 1. */
    fallback: number;
    at: Timestamp;
    /** The request, without its credential. */
    request: string;
}

/** The answer to an SMS request. */
export type FallbackAnswered = Ack & {
    fallback: number;
    /** The provider's id of the SMS. */
    provider_id?: string | null;
    at: Timestamp;
};

/** What became of an SMS. */
export type FallbackStatus = EventWord & {
    fallback: number;
    identity: string;
    received_at: Timestamp;
};
