/** One inbound call. */
export interface InboundCall {
    provider: Provider;
    /** What webhooks of this source are verified with; without it every call is refused. */
    secret?: {
        /** Vonage's signature secret, or Google's client token. */
        key: string;
        /** The name under which the provider knows it: Vonage's API key. */
        account?: string | null;
    } | null;
    method: string;
    headers: Headers;
    /** The body, exactly as it came. */
    body: string | Uint8Array;
}

/** How to answer a call, and what it was. */
export interface Reception {
    /** The HTTP status to answer with, once what is to be kept is durable. */
    status: number;
    /** The body to answer with; empty in all cases but a handshake. */
    body: string;
    verdict: WebhookVerdict;
}

/** What a call turned out to be. */
export type WebhookVerdict =
    | { verdict: "handshake" }
    | ({ verdict: "event" } & IncomingEvent)
    | { verdict: "aside"; about: string; raw: string }
    | { verdict: "unreadable"; reason: string; raw: string }
    | { verdict: "refused"; why: WebhookRefusal };

/** Why a call is refused. */
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

/** A verified event about one message, before its source is known. */
export type IncomingEvent = EventWord & {
    provider: Provider;
    /** The agent that it names. */
    agent?: string | null;
    /** The application that it names. */
    application?: string | null;
    /** The sender that it names. */
    sender?: string | null;
    /** The message's id at its provider. */
    message: string;
    /** The provider's own identity of the event. */
    identity: string;
    /** The provider's or handset's own time, as written. */
    event_time?: string | null;
    /** The recipient that it names. */
    phone?: E164 | null;
    /** Whether it shows that the message carries a failover of its own. */
    workflow?: boolean;
    /** The event as it came. */
    raw: string;
};
