// What crosses the boundary, field by field: the same order as in `crates/boundary/src/read.rs`.

import { invalid, Question, reader, shape, string, type Shape } from "./shared.js";

const ACK = "ack !proper? reason? #retryAfter? why?";
const EVENT = "event code? word?";

/** What each kind of fact holds. */
const FACTS: Readonly<Record<string, Shape>> = {
    __proto__: null as never,
    registered: shape("=fact &by @receivedAt @sentAt? &life? class? phone? host? !failover? fallbackText? @revokeAt?"),
    requested: shape("=fact wish by @at @notBefore? then? reason? !overrideWindow? !hand? batch?"),
    withdrawn: shape("=fact wish by @at"),
    attempted: shape("=fact #attempt wish host @begunAt"),
    answered: shape(`=fact #attempt ${ACK} #status? body? @at`),
    event: shape(`=fact identity ${EVENT} @receivedAt eventTime? phone? !workflow? raw?`),
    fallback_ordered: shape("=fact #fallback by @at text?"),
    fallback_intended: shape("=fact #fallback @at request"),
    fallback_answered: shape(`=fact #fallback ${ACK} providerId? @at`),
    fallback_status: shape(`=fact #fallback identity ${EVENT} @receivedAt`),
};
export const POLICY = shape(
    "#settle #requestTimeout #requestMargin #retries* #throttled* " +
        "#throttledThen #retryAfterCap #presumeFor #ratePerSecond " +
        "#windowGuard? #longestLife? #observedLife? #webhookTail? #remembered? " +
        "#permissionRetries? !askOtherHosts? #young? &classes*? class?",
);

/** Writes a fact. */
export function putFact(question: Question, value: unknown, path: string): void {
    const kind = reader(value, path)("fact");
    const shape = typeof kind === "string" ? FACTS[kind] : undefined;
    if (!shape) {
        const found = string(kind, `${path}.fact`).slice(0, 40);
        throw invalid(`${path}.fact`, `this version knows no such kind of fact: ${found}`);
    }
    // Read once: a getter that gives another kind the second time would put the fields of one into another.
    question.of(path).put("fact", kind as string).object(path, value, shape).of("");
}
