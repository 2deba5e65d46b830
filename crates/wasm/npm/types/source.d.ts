import type { ClassPolicy } from "./class.js";
import type { Provider, Span, Time } from "./ids.js";

/**
 * One regional API of a provider, by our name for it.
 *
 * @example
 * ```ts
 * const host: Host = "vonage.eu";
 * ```
 */
export type Host =
    | "google.global"
    | "google.us"
    | "google.europe"
    | "google.asia"
    | "vonage.us"
    | "vonage.eu"
    | "vonage.ap";

/**
 * One configured sender, without its secrets.
 *
 * @example
 * ```ts
 * const source: Source = { id: "promo", provider: "google_rbm", agent: "my_agent", host: "google.europe" };
 * ```
 */
export interface Source {
    /** Its name: letters, digits, `-`, `_`, at most 64 characters. */
    id: string;
    provider: Provider;
    /** The agent, at Google; without `@rbm.goog` it reads as the same agent. */
    agent?: string | undefined;
    /** The sender id, at Vonage. */
    sender?: string | undefined;
    /** The application, at Vonage. */
    application?: string | undefined;
    /** The host set by the operator. */
    host?: Host | undefined;
    /** Where the agent was launched: two letters of ISO 3166-1, such as `DE`. */
    launchCountry?: string | undefined;
    /** Hosts of its provider that have accepted a revocation of this source, the latest first. */
    learnt?: readonly Host[] | undefined;
    /** Who sends an SMS instead of its messages; absent if nobody can. */
    sms?: SmsSender | undefined;
    /** What an accepted answer is believed to mean; `confirmed` is Google's only. Default `accepted`. */
    revokeAck?: "accepted" | "confirmed" | undefined;
    /** When its first verified webhook came; without one, silence proves nothing. */
    listeningSince?: Time | undefined;
}

/**
 * Who sends an SMS instead of a message: a sender of SMS at a source of Vonage, which may be the message's own.
 *
 * @example
 * ```ts
 * const sms: SmsSender = { source: "otp-eu", from: "+447700900001", host: "vonage.eu" };
 * const source: Source = { id: "promo", provider: "google_rbm", agent: "my_agent", sms };
 * ```
 */
export interface SmsSender {
    /** The source whose account sends it, and whose webhooks tell what became of it. */
    source: string;
    /** Who it is from: a number, or a name where the country allows one. */
    from: string;
    host: Host;
}

/**
 * How long to wait, how often to try, and what to believe for how long; no span is negative.
 *
 * @example
 * ```ts
 * const policy: Policy = { ...defaultPolicy("google_rbm"), ratePerSecond: 10 };
 * ```
 */
export interface Policy {
    /** How long after an accepted answer a crossing delivery is waited for. */
    settle: Span;
    /** How long one request may take. */
    requestTimeout: Span;
    /** How much longer an unanswered attempt counts as open. */
    requestMargin: Span;
    /** Waits before each retry after an unknown effect or a request that never left. */
    retries: readonly Span[];
    /** Waits before each retry after "too many requests". */
    throttled: readonly Span[];
    /** The wait once `throttled` is used up. */
    throttledThen: Span;
    /** The longest wait that a provider can ask of us. */
    retryAfterCap: Span;
    /** How long a clean 404 is read as a delivery whose event has not come yet. */
    presumeFor: Span;
    /** Requests per second at most, per credential. */
    ratePerSecond: number;
    /**
     * How much before the end of the revocation window asking stops; 60 s at Vonage, and Google has no window. This and
     * all below is what the providers' texts leave open: what is not given is as they are read most carefully.
     */
    windowGuard?: Span;
    /** How long a message without an end of its own may wait for its phone: 31 days at Google, 30 at Vonage. */
    longestLife?: Span;
    /** The longest life whose end Vonage would tell: 72 hours. Google tells every end. */
    observedLife?: Span;
    /** How long after the end of a life its last webhook may still come: 7 days. */
    webhookTail?: Span;
    /** How long after sending a clean 404 of Google can mean *delivered*: 30 days. */
    remembered?: Span;
    /** How often a refusal for lack of permission is tried again: twice at Google, never at Vonage. */
    permissionRetries?: number;
    /** Whether a 404 lets the other hosts be asked: not at Google, but at Vonage. */
    askOtherHosts?: boolean;
    /** How young a message must be for all hosts to be asked once more after a 404: 60 s. */
    young?: Span;
    /** The message classes; {@link standardClasses} unless given. */
    classes?: readonly ClassPolicy[] | undefined;
    /** The class of messages that were registered with none; they have none unless given. */
    class?: string | undefined;
}

/**
 * The default figures of a provider. Its classes are those of {@link standardClasses}, which it need not name.
 *
 * @example
 * ```ts
 * const policy = { ...defaultPolicy("vonage"), settle: 30_000 };
 * ```
 */
export function defaultPolicy(provider: Provider): Policy;

/**
 * Where a provider listens.
 *
 * @example
 * ```ts
 * const option = ({ host, label }: HostInfo) => ({ value: host, text: label });
 * ```
 */
export interface HostInfo {
    host: Host;
    /** How people who know the provider call it, such as `api-eu`. */
    label: string;
    /** Where it is documented to listen, without a slash at the end. */
    baseUrl: string;
}

/**
 * The hosts of a provider, in its own order.
 *
 * @example
 * ```ts
 * for (const { host, baseUrl } of hosts("google_rbm")) {
 *     console.log(host, baseUrl); // google.global https://rcsbusinessmessaging.googleapis.com …
 * }
 * ```
 */
export function hosts(provider: Provider): HostInfo[];
