// What crosses the boundary, field by field: the same order as in `crates/wasm/src/read.rs`.

import { invalid } from "./error.js";
import { array, object, own, Question, string, whole, type Fields, type Shape } from "./wire.js";

const SOURCE: Shape = [
    ["id", "text"],
    ["provider", "text"],
    ["agent", "text?"],
    ["sender", "text?"],
    ["application", "text?"],
    ["host", "text?"],
    ["launchCountry", "text?"],
];
const ACK: Shape = [
    ["ack", "text"],
    ["proper", "flag?"],
    ["reason", "text?"],
    ["retryAfter", "span?"],
    ["why", "text?"],
];
const EVENT: Shape = [
    ["event", "text"],
    ["code", "text?"],
    ["word", "text?"],
];
const LIFE: Shape = [
    ["kind", "text"],
    ["at", "time?"],
    ["ttl", "span?"],
];

/** What each kind of fact holds besides its registrar and life. */
const FACTS: Readonly<Record<string, Shape>> = {
    __proto__: null as never,
    requested: [
        ["wish", "text"],
        ["by", "text"],
        ["at", "time"],
        ["notBefore", "time?"],
        ["then", "text?"],
        ["reason", "text?"],
        ["overrideWindow", "flag?"],
    ],
    withdrawn: [
        ["wish", "text"],
        ["by", "text"],
        ["at", "time"],
    ],
    attempted: [
        ["attempt", "count"],
        ["wish", "text"],
        ["host", "text"],
        ["begunAt", "time"],
    ],
    answered: [["attempt", "count"], ...ACK, ["status", "count?"], ["body", "text?"], ["at", "time"]],
    event: [
        ["identity", "text"],
        ...EVENT,
        ["receivedAt", "time"],
        ["eventTime", "text?"],
        ["phone", "text?"],
        ["workflow", "flag?"],
        ["raw", "text?"],
    ],
    fallback_intended: [
        ["fallback", "count"],
        ["at", "time"],
        ["request", "text"],
    ],
    fallback_answered: [["fallback", "count"], ...ACK, ["providerId", "text?"], ["at", "time"]],
    fallback_status: [["fallback", "count"], ["identity", "text"], ...EVENT, ["receivedAt", "time"]],
};
const REGISTERED: Shape = [
    ["class", "text?"],
    ["phone", "text?"],
    ["host", "text?"],
    ["failover", "flag?"],
    ["fallbackText", "text?"],
];
const POLICY = [
    "settle",
    "requestTimeout",
    "requestMargin",
    "retries",
    "throttled",
    "throttledThen",
    "retryAfterCap",
    "presumeFor",
    "ratePerSecond",
] as const;

/** Writes a source. */
export function putSource(question: Question, value: unknown, path: string): Question {
    const source = object(value, path);
    question.of(path).fields(source, SOURCE);
    const learnt = own(source, "learnt");
    const hosts = learnt === undefined || learnt === null ? [] : array(learnt, `${path}.learnt`);
    const names = hosts.map((host, index) => string(host, `${path}.learnt[${index}]`));
    if (names.some((name) => name.includes(","))) {
        throw invalid(`${path}.learnt`, "no host has a comma in its name");
    }
    question.put("learnt", names.length > 0 ? names.join(",") : undefined);
    question.value("revokeAck", "text?", own(source, "revokeAck"));
    question.value("listeningSince", "time?", own(source, "listeningSince"));
    return question.of("");
}

/** Writes several sources. */
export function putSources(question: Question, value: unknown, path: string): Question {
    const sources = array(value, path);
    question.put(path, `${sources.length}`);
    sources.forEach((source, index) => putSource(question, source, `${path}[${index}]`));
    return question;
}

/** Writes the figures of the decisions, if there are any. */
export function putPolicy(question: Question, value: unknown, path: string): Question {
    if (value === undefined || value === null) {
        return question.put(path, undefined);
    }
    const policy = object(value, path);
    question.put(path, "1").of(path);
    for (const name of POLICY) {
        const figure = own(policy, name);
        if (name === "retries" || name === "throttled") {
            const spans = array(figure, `${path}.${name}`);
            question.put(name, spans.map((span, at) => whole(span, `${path}.${name}[${at}]`)).join(","));
        } else {
            question.value(name, "span", figure);
        }
    }
    return question.of("");
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
    question.value("receivedAt", "time", own(fact, "receivedAt"));
    question.value("sentAt", "time?", own(fact, "sentAt"));
    const life = own(fact, "life");
    if (life === undefined || life === null) {
        question.put("life", undefined).put("life", undefined).put("life", undefined);
    } else {
        question.of(`${path}.life`).fields(object(life, `${path}.life`), LIFE).of(path);
    }
    return question.fields(fact, REGISTERED).of("");
}

const ENTRY: Shape = [
    ["id", "text"],
    ["provider", "text?"],
    ["agent", "text?"],
    ["sender", "text?"],
    ["phone", "text?"],
    ["sentAt", "time?"],
];

/** Writes a row of an import. */
export function putEntry(question: Question, value: unknown, path: string): Question {
    return question.of(path).fields(object(value, path), ENTRY).of("");
}

const CLAIM: Shape = [
    ["provider", "text"],
    ["agent", "text?"],
    ["application", "text?"],
    ["sender", "text?"],
    ["message", "text"],
];

/** Writes what names the source of an event. */
export function putClaim(question: Question, value: unknown, path: string): Question {
    return question.of(path).fields(object(value, path), CLAIM).of("");
}
