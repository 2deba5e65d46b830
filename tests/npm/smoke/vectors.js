// Every case of tests/vectors/, put to the package in its own words.

import { same } from "./equal.js";

/** A value of a vector, in JavaScript's names. A `null` there is an absent field here. */
function camel(value) {
    return renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
}

/** A value of the package, in the vectors' names. */
function snake(value) {
    return renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function renamed(value, rename) {
    if (value === null) return undefined;
    if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [rename(name), renamed(field, rename)]));
}

/** A problem without what it says to people: its code is what is promised. */
function withoutSentences(value) {
    if (!("code" in value)) return value;
    const { message, text, ...promised } = value;
    if (!message) throw new Error(`a problem without a sentence: ${JSON.stringify(value)}`);
    return promised;
}

/** What each file's cases are put to. A file without a line here fails the run. */
const decisions = {
    "answers.json": (core, { provider, ...answer }) => {
        // What is kept of the answer besides is no part of its reading.
        const { status, body, ...ack } = core.readAnswer(provider, answer);
        return snake(ack);
    },
    "fallback.json": (core, question) => {
        const { what, risk, ...next } = asked(core, question, (revocation, now) => revocation.fallback(now));
        if (!what.length || !risk.length) throw new Error("an SMS without a sentence");
        return snake(next);
    },
    "import.json": (core, { text }) => snake(core.parseImport(text)).map(withoutSentences),
    "outcomes.json": (core, question) => snake(asked(core, question, (revocation, now) => revocation.outcome(now))),
    "regions.json": (core, { source, own }) => snake(core.routeRegion(camel(source), own ?? undefined)),
    "requests.json": (core, target) => {
        try {
            const { url, headers, body = "", ...request } = core.buildRevokeRequest(camel(target));
            return { url, request: { ...request, headers: Object.entries(headers), body } };
        } catch (error) {
            return { error: error.code };
        }
    },
    "resolve.json": (core, { entry, sources, known }) =>
        withoutSentences(snake(core.resolveEntry(camel(entry), sources.map(camel), camel(known)))),
    "steps.json": (core, question) => snake(asked(core, question, (revocation, now) => revocation.nextStep(now))),
    "webhooks.json": (core, { provider, secret, ...call }) =>
        snake(core.receiveWebhook(provider, camel(secret), call)),
};

function asked(core, { evidence, source, policy, now }, ask) {
    const context = { source: camel(source), policy: policy && camel(policy) };
    const revocation = core.Revocation.fromJSON(evidence, context);
    try {
        const copy = core.Revocation.fromJSON(JSON.stringify(revocation), context);
        same(copy.toJSON(), revocation.toJSON(), "evidence there and back");
        copy.free();
        return ask(revocation, now);
    } finally {
        revocation.free();
    }
}

/** Puts all cases to the package, and returns how many there were. */
export function checkVectors(core, vectors) {
    let count = 0;
    for (const [file, cases] of Object.entries(vectors)) {
        const decide = decisions[file];
        if (!decide) throw new Error(`${file} has no runner in this test`);
        for (const { name, input, expected } of cases) {
            same(decide(core, input), withoutNulls(expected), `${file}: ${name}`);
            count += 1;
        }
    }
    return count;
}

/** An expected value with its `null`s absent, as they are in JavaScript. */
function withoutNulls(value) {
    return renamed(value, (name) => name);
}
