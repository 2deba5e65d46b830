// The npm package that `cargo xtask test` has built: as JavaScript has it, and in the words of the vectors.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The folder of the built package. */
export const folder = process.env.REVOKE_TEST_PACKAGE;
if (!folder) {
    throw new Error("REVOKE_TEST_PACKAGE names no folder: start these tests with `cargo xtask test js`");
}

const require = createRequire(import.meta.url);

/** What `rcs-revoke` exports. */
export const rcs = require(join(folder, "node.cjs"));

/** What `rcs-revoke/import` exports. */
export const importing = require(join(folder, "import-node.cjs"));

/** What `rcs-revoke/webhooks` exports. */
export const hearing = require(join(folder, "webhooks-node.cjs"));

/** A value of the vectors in JavaScript's names. */
export function camel(value) {
    return renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
}

/** A value of the package in the vectors' names. */
export function snake(value) {
    return renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function renamed(value, rename) {
    if (Array.isArray(value)) {
        return value.map((item) => renamed(item, rename));
    }
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [rename(name), renamed(field, rename)]));
}

function about({ evidence, source, policy }, ask) {
    const revocation = rcs.Revocation.fromJSON(evidence, { source: camel(source), policy: camel(policy) });
    try {
        return ask(revocation);
    } finally {
        revocation.free();
    }
}

/** The package's decisions, asked and answered in the words of the vectors. */
export const core = {
    routeRegion: ({ source, own }) => snake(rcs.routeRegion(camel(source), own ?? undefined)),
    buildRevokeRequest: (target) => {
        const { url, headers, body = "", ...request } = rcs.buildRevokeRequest(target);
        return { url, request: { ...request, headers: Object.entries(headers), body } };
    },
    readAnswer: ({ provider, ...answer }) => {
        // What is worth keeping of an answer is no part of its reading.
        const { status, body = "", ...ack } = rcs.readAnswer(provider, answer);
        assert.equal(status, answer.status);
        assert.equal(body, [...(answer.body ?? "")].slice(0, 2_000).join(""));
        return snake(ack);
    },
    receiveWebhook: ({ provider, secret, ...call }) => snake(hearing.receiveWebhook(provider, secret ?? undefined, call)),
    parseImport: (text) => snake(importing.parseImport(text)),
    resolveEntry: ({ entry, sources, known }) =>
        snake(importing.resolveEntry(camel(entry), sources.map(camel), camel(known) ?? undefined)),
    outcome: (question) => snake(about(question, (revocation) => revocation.outcome(question.now))),
    fallback: (question) => {
        const { what, risk, ...next } = about(question, (revocation) => revocation.fallback(question.now));
        assert.ok(what.length > 0 && risk.length > 0);
        return snake(next);
    },
    nextStep: (question) => snake(about(question, (revocation) => revocation.nextStep(question.now))),
};
