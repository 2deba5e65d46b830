// What crosses the boundary, field by field: the same order as in `crates/wasm/src/read.rs`.

import { invalid } from "./error.js";
import { array, object, own, Question, shape, string, type Fields, type Shape } from "./wire.js";

const SOURCE = shape(
    "id provider agent? sender? application? host? launchCountry? learnt*? revokeAck? @listeningSince?",
);
const LIFE = shape("kind @at? #ttl?");
const ACK = "ack !proper? reason? #retryAfter? why?";
const EVENT = "event code? word?";

/** What each kind of fact holds besides its registrar and life. */
const FACTS: Readonly<Record<string, Shape>> = {
    __proto__: null as never,
    requested: shape("wish by @at @notBefore? then? reason? !overrideWindow?"),
    withdrawn: shape("wish by @at"),
    attempted: shape("#attempt wish host @begunAt"),
    answered: shape(`#attempt ${ACK} #status? body? @at`),
    event: shape(`identity ${EVENT} @receivedAt eventTime? phone? !workflow? raw?`),
    fallback_intended: shape("#fallback @at request"),
    fallback_answered: shape(`#fallback ${ACK} providerId? @at`),
    fallback_status: shape(`#fallback identity ${EVENT} @receivedAt`),
};
const REGISTERED = shape("@receivedAt @sentAt?");
const REGISTERED_MORE = shape("class? phone? host? !failover? fallbackText?");
const POLICY = shape(
    "#settle #requestTimeout #requestMargin #retries* #throttled* " +
        "#throttledThen #retryAfterCap #presumeFor #ratePerSecond",
);
const ENTRY = shape("id provider? agent? sender? phone? @sentAt?");
const CLAIM = shape("provider agent? application? sender? message");

/** Writes a source. */
export function putSource(question: Question, value: unknown, path: string): Question {
    return question.of(path).fields(object(value, path), SOURCE).of("");
}

/** Writes several sources: how many, and each of them. */
export function putSources(question: Question, value: unknown, path: string): Question {
    const sources = array(value, path);
    question.put(path, `${sources.length}`);
    for (const [index, source] of sources.entries()) {
        putSource(question, source, `${path}[${index}]`);
    }
    return question;
}

/** Writes the figures of the decisions, if there are any. */
export function putPolicy(question: Question, value: unknown, path: string): Question {
    if (value === undefined || value === null) {
        return question.put(path);
    }
    return question.put(path, "1").of(path).fields(object(value, path), POLICY).of("");
}

/** Writes a fact. */
export function putFact(question: Question, value: unknown, path: string): Question {
    const fact = object(value, path);
    const kind = string(own(fact, "fact"), `${path}.fact`);
    question.of(path).put("fact", kind);
    if (kind === "registered") {
        return putRegistered(question, fact, path);
    }
    const shape = FACTS[kind];
    if (!shape) {
        throw invalid(`${path}.fact`, `no kind of fact: ${kind.slice(0, 40)}`);
    }
    return question.fields(fact, shape).of("");
}

function putRegistered(question: Question, fact: Fields, path: string): Question {
    const by = object(own(fact, "by"), `${path}.by`);
    question.of(`${path}.by`).text("kind", own(by, "kind")).text("id", own(by, "id")).of(path);
    question.fields(fact, REGISTERED);
    const life = own(fact, "life");
    if (life === undefined || life === null) {
        question.put("life").put("life").put("life");
    } else {
        question.of(`${path}.life`).fields(object(life, `${path}.life`), LIFE).of(path);
    }
    return question.fields(fact, REGISTERED_MORE).of("");
}

/** Writes a row of an import. */
export function putEntry(question: Question, value: unknown, path: string): Question {
    return question.of(path).fields(object(value, path), ENTRY).of("");
}

/** Writes what names the source of an event. */
export function putClaim(question: Question, value: unknown, path: string): Question {
    return question.of(path).fields(object(value, path), CLAIM).of("");
}
