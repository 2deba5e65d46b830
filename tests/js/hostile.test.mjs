// What people and attackers may hand to the npm package: errors with a code, never a fault that ends the module.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { rcs } from "./module.mjs";

const message = rcs.parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const source = { id: "otp", provider: "vonage" };
const context = { source };
const at = Date.UTC(2026, 10, 20, 10);
const revocation = new rcs.Revocation(message, context);

after(() => {
    // Whatever came before, the module still decides.
    assert.equal(revocation.record({ fact: "requested", wish: "rev_1", by: "ops", at }), true);
    assert.equal(revocation.outcome(at).outcome, "planned");
});

const cyclic = {};
cyclic.self = cyclic;
const throwing = new Proxy(
    {},
    {
        get: () => {
            throw new Error("no");
        },
        getOwnPropertyDescriptor: () => {
            throw new Error("no");
        },
        ownKeys: () => {
            throw new Error("no");
        },
    },
);
const huge = "x".repeat(1 << 20);

/** Values of every kind, none of which any argument wants. */
const STRANGE = [
    undefined,
    null,
    true,
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    1n,
    "",
    "\u0000",
    "\ud800",
    "\u001f\u001a",
    huge,
    Symbol("s"),
    () => {},
    [],
    [[]],
    {},
    cyclic,
    throwing,
    new Date(NaN),
    new Map(),
    new Uint8Array([0xff, 0xfe]),
    Object.create({ id: "otp", provider: "vonage" }),
    JSON.parse('{"__proto__": {"id": "otp"}, "constructor": null, "toString": 1}'),
];

/** Runs a call that may succeed or throw an error of this package, and nothing else. */
function tame(what, call) {
    try {
        return call();
    } catch (error) {
        assert.ok(error instanceof rcs.RcsRevokeError, `${what}: ${error?.stack ?? String(error)}`);
        assert.notEqual(error.code, "internal", `${what}: ${error.cause?.stack ?? error.message}`);
        return error;
    }
}

/** Each function with arguments that fit, so that each can be bent alone. */
const CALLS = {
    parseId: ["phone", "+447700900000"],
    parseMessageId: ["vonage", "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"],
    parseMessageIds: ["vonage", ["x"]],
    messageRef: [{ provider: "google_rbm", agent: "a", id: "1" }],
    defaultPolicy: ["vonage"],
    hosts: ["vonage"],
    routeRegion: [
        { ...source, host: "vonage.eu", learnt: ["vonage.eu"], launchCountry: "DE", revokeAck: "accepted", listeningSince: at },
        "vonage.us",
    ],
    buildRevokeRequest: [{ message: "google_rbm:a@rbm.goog:1", recipient: "+447700900000", host: "google.us" }],
    buildSmsRequest: [{ from: "Demo", to: "+447700900000", text: "x", host: "vonage.eu", ttl: 60_000, clientRef: "x" }],
    expiryFields: ["vonage", 600_000],
    readAnswer: ["vonage", { status: 429, headers: { "Retry-After": "5" }, body: "{}" }],
    readFailure: ["tls"],
    receiveWebhook: ["vonage", { key: "k", account: "a" }, { method: "POST", headers: [["a", "b"]], body: "{}" }],
    eventMessage: [{ provider: "google_rbm", agent: "a", message: "1" }],
    eventFact: [{ identity: "e", event: "read" }, at],
    claimSource: [{ provider: "vonage", message: "1" }, [source], "otp"],
    outcomeInfo: ["revoked"],
    sentenceText: [["x", { time: at }]],
    parseImport: ["x"],
    resolveEntry: [{ id: "1", phone: "+447700900000", sentAt: at }, [source], { source: "otp", hasRecipient: true }],
    Revocation: [message, { source, policy: rcs.defaultPolicy("vonage") }],
    fromJSON: [{ message, facts: [{ fact: "withdrawn", wish: "w", by: "x", at }] }, context],
    record: [{ fact: "registered", by: { kind: "api", id: "1" }, receivedAt: at, life: { kind: "ttl", ttl: 1 } }],
    answered: [{ fact: "answered", attempt: 1, ack: "no_effect", reason: "throttled", retryAfter: 1, status: 429, at }],
    event: [{ fact: "event", identity: "e", event: "not_delivered", code: "1", receivedAt: at, workflow: true, raw: "" }],
    assess: [at],
    explain: [at],
    push: ["x"],
};

function put(name, args) {
    switch (name) {
        case "Revocation":
            return new rcs.Revocation(...args).free();
        case "fromJSON":
            return rcs.Revocation.fromJSON(...args).free();
        case "record":
        case "answered":
        case "event":
            return new rcs.Revocation(message, context).record(...args);
        case "assess":
        case "explain":
            return revocation[name](...args);
        case "push":
            return new rcs.Importer().push(...args);
        default:
            return rcs[name](...args);
    }
}

/** Every way to put `strange` in the place of one argument, or of one field at any depth. */
function* bent(value, strange) {
    yield strange;
    if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
            for (const other of bent(item, strange)) {
                yield value.with(index, other);
            }
        }
    } else if (typeof value === "object" && value !== null) {
        for (const name of Object.keys(value)) {
            for (const other of bent(value[name], strange)) {
                yield { ...value, [name]: other };
            }
        }
    }
}

test("every function, with every argument and field of it replaced by something strange", () => {
    assert.deepEqual(
        Object.keys(rcs).filter((name) => typeof rcs[name] === "function" && !(name in CALLS)).sort(),
        ["Importer", "RcsRevokeError", "init", "initSync", "readResponse", "toRequest", "version"],
    );
    for (const [name, args] of Object.entries(CALLS)) {
        put(name, args);
        for (const strange of STRANGE) {
            const what = typeof strange === "string" ? JSON.stringify(strange.slice(0, 9)) : typeof strange;
            for (const [index, arg] of args.entries()) {
                for (const other of bent(arg, strange)) {
                    tame(`${name} with ${what} in argument ${index}`, () => put(name, args.with(index, other)));
                }
            }
        }
    }
});

test("a wrong argument is an Error with a code and its place", () => {
    const wrong = (call, code, path) => {
        const error = tame(path, call);
        assert.ok(error instanceof Error && error.stack.length > 0, path);
        assert.deepEqual([error.name, error.code, error.path], ["RcsRevokeError", code, path]);
        assert.ok(path === undefined || error.message.startsWith(`${path}: `));
    };
    wrong(() => rcs.defaultPolicy("fax"), "invalid_argument", "provider");
    wrong(() => rcs.parseImport(7), "invalid_argument", "text");
    wrong(() => rcs.routeRegion(undefined), "invalid_argument", "source");
    wrong(() => rcs.routeRegion({ ...source, launchCountry: "Germany" }), "invalid_argument", "source.launchCountry");
    wrong(() => rcs.routeRegion({ ...source, learnt: ["vonage.eu,vonage.us"] }), "invalid_argument", "source.learnt");
    wrong(() => rcs.routeRegion({ ...source, listeningSince: NaN }), "invalid_argument", "source.listeningSince");
    wrong(() => rcs.routeRegion({ ...source, id: "\ud800" }), "invalid_argument", "text");
    wrong(() => rcs.buildRevokeRequest({ message: "vonage:../x", host: "vonage.eu" }), "invalid_id", "target.message");
    wrong(() => rcs.buildRevokeRequest({ message, host: "https://example.com" }), "invalid_argument", "target.host");
    wrong(() => rcs.buildRevokeRequest({ message, host: "google.us" }), "wrong_host", undefined);
    wrong(() => revocation.assess(0.5), "invalid_argument", "now");
    wrong(() => revocation.assess(new Date(NaN)), "invalid_argument", "now");
    const fact = { fact: "attempted", attempt: 1, wish: "w", host: "vonage.eu", begunAt: at };
    wrong(() => revocation.record({ ...fact, attempt: 2 ** 32 }), "invalid_argument", "fact.attempt");
    wrong(() => revocation.record({ ...fact, begunAt: "now" }), "invalid_argument", "fact.begunAt");
    wrong(() => revocation.record({ ...fact, fact: "toString" }), "invalid_argument", "fact.fact");
    wrong(() => revocation.record({ ...fact, wish: "a/b" }), "invalid_id", "fact.wish");
    wrong(() => revocation.record({ fact: "answered", attempt: 1, ack: "no_effect", at }), "invalid_argument", "fact.reason");
    wrong(
        () => rcs.Revocation.fromJSON({ message, facts: [{ ...fact, begun_at: "x" }] }, context),
        "invalid_argument",
        "json.facts[0].begunAt",
    );
    wrong(() => rcs.Revocation.fromJSON("{", context), "invalid_argument", "json");
    const google = { id: "g", provider: "google_rbm", agent: "a" };
    wrong(() => new rcs.Revocation(message, { source: google }), "invalid_source", undefined);
    wrong(() => new rcs.Revocation(message, { source: { ...source, revokeAck: "confirmed" } }), "invalid_source", undefined);
});

test("what an object inherits is not read, and nothing is written to what all objects share", () => {
    Object.prototype.launchCountry = "DE";
    Object.prototype.recipient = 7;
    try {
        assert.equal(rcs.routeRegion(source).certainty, "ambiguous");
        assert.ok(rcs.buildRevokeRequest({ message, host: "vonage.eu" }));
    } finally {
        delete Object.prototype.launchCountry;
        delete Object.prototype.recipient;
    }
    const polluting = `{"message":"${message}","facts":[{"__proto__":{"polluted":true},"fact":"withdrawn","wish":"w","by":"x","at":1}]}`;
    rcs.Revocation.fromJSON(polluting, context);
    assert.equal({}.polluted, undefined);
    const { verdict } = rcs.receiveWebhook("vonage", "k", { method: "POST", headers: JSON.parse('{"__proto__":"x"}'), body: "" });
    assert.equal(verdict.verdict, "refused");
});

test("what is too large is refused, and what is large is read", () => {
    const long = "x".repeat(65 * 1024 * 1024);
    assert.equal(tame("a long text", () => rcs.parseId("wish", long)).code, "too_large");
    assert.equal(tame("a long body", () => rcs.readAnswer("vonage", { status: 404, body: long })).code, "too_large");
    assert.equal(rcs.parseImport(`${"a ".repeat(10_000)}\n`.repeat(600)).length, 600);
    const call = { method: "POST", headers: {}, body: "x".repeat(2 << 20) };
    assert.deepEqual(rcs.receiveWebhook("vonage", "k", call).verdict, { verdict: "refused", why: "too_large" });
    assert.equal(rcs.parseId("wish", "w"), "w");
});

test("a freed object says so, and freeing it again does nothing", () => {
    const made = new rcs.Revocation(message, context);
    made[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
    made.free();
    for (const call of [() => made.outcome(at), () => made.record({}), () => made.toJSON(), () => revocation.merge(made)]) {
        assert.equal(tame("freed", call).code, "freed");
    }
    const importer = new rcs.Importer();
    importer.free();
    assert.equal(tame("freed", () => importer.push("x")).code, "freed");
});

test("instants at the end of time are instants", () => {
    for (const now of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 8.64e15, -8.64e15, 0]) {
        const made = new rcs.Revocation(message, context);
        made.record({ fact: "requested", wish: "w", by: "x", at: now });
        assert.ok(made.assess(now).outcome.outcome);
        assert.ok(made.explain(-now).sentence.length > 0);
    }
});
