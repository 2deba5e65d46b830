/** Who carries a message. */
export type Provider = "google_rbm" | "vonage";

/** One regional API of a provider, by our name for it; only a server's own config maps it to a URL. */
export type Host =
    | "google.global"
    | "google.us"
    | "google.europe"
    | "google.asia"
    | "vonage.us"
    | "vonage.eu"
    | "vonage.ap";

/** An instant, in milliseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = number;

/** A length of time in milliseconds. */
export type Span = number;

/** The key of a message: `vonage:<uuid>` or `google_rbm:<agent>:<id>`. */
export type MessageRef = string;

/** A phone number with `+` and 7 to 15 digits. */
export type E164 = string;

/** HTTP headers, names in any case. */
export type Headers = Array<[name: string, value: string]>;

/** One configured sender, without its secrets. */
export interface Source {
    /** Its name in the config. */
    id: string;
    provider: Provider;
    /** The agent, at Google; without `@rbm.goog` it reads as the same agent. */
    agent?: string | null;
    /** The sender id, at Vonage. */
    sender?: string | null;
    /** The application, at Vonage. */
    application?: string | null;
    /** The host set by the operator. */
    host?: Host | null;
    /** Where the agent was launched: two letters of ISO 3166-1. */
    launch_country?: string | null;
    /** Hosts that have accepted a revocation of this source, the latest first. */
    learnt?: Host[];
    /** What an accepted answer is believed to mean; `confirmed` is Google's only. Default `accepted`. */
    revoke_ack?: "accepted" | "confirmed";
    /** When its first verified webhook came; without one, silence proves nothing. */
    listening_since?: Timestamp | null;
}

/** How long to wait, how often to try, and what to believe for how long. */
export interface Policy {
    /** How long after an accepted answer a crossing delivery is waited for. */
    settle: Span;
    /** How long one request may take. */
    request_timeout: Span;
    /** How much longer an unanswered attempt counts as open. */
    request_margin: Span;
    /** Waits before each retry after an unknown effect or a request that never left. */
    retries: Span[];
    /** Waits before each retry after "too many requests". */
    throttled: Span[];
    /** The wait once `throttled` is used up. */
    throttled_then: Span;
    /** The longest wait that a provider can ask of us. */
    retry_after_cap: Span;
    /** How long a clean 404 is read as a delivery whose event has not come yet. */
    presume_for: Span;
    /** Requests per second at most, per credential. */
    rate_per_second: number;
}

/** What {@link routeRegion} is asked. */
export interface RouteQuestion {
    source: Source;
    /** The host that is known to hold the message. */
    own?: Host | null;
}

/** Why the first candidate comes first. */
export type RouteReason =
    | { because: "message" | "source" | "learnt" | "default" }
    | { because: "launch_country"; country: string };

/** Where to ask, in order. */
export type Route = RouteReason & {
    /** The hosts to ask, the best guess first; never empty. */
    candidates: Host[];
    /** How sure the first is. */
    certainty: "known" | "documented" | "inferred" | "ambiguous";
};

/** What {@link buildRevokeRequest} is asked. */
export interface RevokeTarget {
    message: MessageRef;
    /** The recipient, where the provider's path needs it. */
    recipient?: E164 | null;
    /** Where to ask. */
    host: Host;
}

/** A request ready to be sent once a shell has mapped the host and attached the credential. */
export interface OutgoingRequest {
    method: string;
    host: Host;
    /** Path and query, percent-encoded. */
    path: string;
    /** Headers besides `Host`, `Authorization` and `Content-Length`. */
    headers: Headers;
    /** The body; empty for none. */
    body: string;
    /** The credential to attach. */
    auth: "google_service_account" | "vonage_application_jwt";
}

/** A request, and the documented URL that it goes to. */
export interface BuiltRequest {
    url: string;
    request: OutgoingRequest;
}

/** The answer to a request. */
export interface ReceivedAnswer {
    provider: Provider;
    /** The HTTP status. */
    status: number;
    headers: Headers;
    body: string | Uint8Array;
}

/** Why a request surely did nothing. */
export type NoEffect = "invalid" | "credentials" | "permission" | "unsupported" | "throttled" | "no_credit";

/** What broke before a request left. */
export type SendFailure =
    | "name_not_resolved"
    | "connection_refused"
    | "tls"
    | "token_unreachable"
    | "token_refused"
    | "broken_after_sending"
    | "timed_out"
    | "answer_too_long";

/** Our reading of one answer, or of its absence. `accepted` means *asked*, not *revoked*. */
export type Ack =
    | { ack: "accepted" }
    | { ack: "not_found"; proper: boolean }
    | { ack: "no_effect"; reason: NoEffect; retry_after?: Span | null }
    | { ack: "not_sent"; why: SendFailure }
    | { ack: "unknown"; retry_after?: Span | null };

/** The stable code of an error that this module throws. */
export type ErrorCode =
    | "invalid_argument"
    | "not_representable"
    | "finished"
    | "recipient_missing"
    | "agent_missing"
    | "wrong_host";

/** What this module throws. */
export interface RcsRevokeError extends Error {
    readonly name: "RcsRevokeError";
    readonly code: ErrorCode;
}
