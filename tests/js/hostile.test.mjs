// What people and attackers may hand to the npm package: errors with a code, never a fault that ends the module.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { folder, hearing, importing, rcs } from "./module.mjs";

/** Everything that the entries export. */
const entries = { ...importing, ...hearing, ...rcs };

const message = rcs.parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const source = { id: "otp", provider: "vonage" };
const context = { source };
const sender = { source: "otp", from: "Demo", host: "vonage.eu" };
const classes = [{ ...rcs.standardClasses()[0], settle: 1, retries: [1], smsFrom: "Demo", smsText: "{text}" }];
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
const revoked = (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
};
const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
class Evil extends Uint8Array {
    get buffer() {
        throw new Error("no");
    }
}

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
    new Proxy([], {
        get: () => {
            throw new Error("no");
        },
    }),
    revoked({}),
    revoked([]),
    revoked(() => {}),
    detached,
    detached.buffer,
    new Evil(4),
    new DataView(new ArrayBuffer(2)),
    new Array(3),
    [, "x"],
    Object.create(null),
    Object.create(rcs.Revocation.prototype),
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
    standardClasses: [],
    buildRevokeRequest: [{ message: "google_rbm:a@rbm.goog:1", recipient: "+447700900000", host: "google.us" }],
    buildRevokeRequests: [[{ message, host: "vonage.eu" }]],
    toRequest: [rcs.buildRevokeRequest({ message, host: "vonage.eu" }), { authorization: "Bearer x", baseUrl: "http://localhost" }],
    buildSmsRequest: [{ from: "Demo", to: "+447700900000", text: "x", host: "vonage.eu", ttl: 60_000, clientRef: "x" }],
    expiryFields: ["vonage", 600_000],
    readAnswer: ["vonage", { status: 429, headers: { "Retry-After": "5" }, body: "{}" }],
    readFailure: ["tls"],
    readSmsAnswer: [{ status: 202, headers: {}, body: '{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}' }],
    smsReference: [message, 1],
    receiveWebhook: ["vonage", { key: "k", account: "a" }, { method: "POST", headers: [["a", "b"]], body: "{}" }],
    eventMessage: [{ provider: "google_rbm", agent: "a", message: "1" }],
    eventFact: [{ identity: "e", event: "read" }, at],
    smsFact: [{ identity: "e", event: "not_delivered", code: "1330" }, 1, at],
    consentFact: [{ identity: "e", phone: "+447700900000", subscribed: false, raw: "" }, at],
    claimSource: [{ provider: "vonage", message: "1" }, [source], "otp"],
    outcomeInfo: ["revoked"],
    sentenceText: [["x", { time: at }]],
    parseImport: ["x"],
    resolveEntry: [{ id: "1", phone: "+447700900000", sentAt: at }, [source], { source: "otp", hasRecipient: true }],
    resolveEntries: [[{ id: "1" }], [source], [{ source: "otp", hasRecipient: true }]],
    Revocation: [message, { source: { ...source, sms: sender }, policy: { ...rcs.defaultPolicy("vonage"), classes, class: "otp" } }],
    fromJSON: [{ message, facts: [{ fact: "withdrawn", wish: "w", by: "x", at }] }, context],
    record: [{ fact: "registered", by: { kind: "api", id: "1" }, receivedAt: at, life: { kind: "ttl", ttl: 1 } }],
    answered: [{ fact: "answered", attempt: 1, ack: "no_effect", reason: "throttled", retryAfter: 1, status: 429, at }],
    event: [{ fact: "event", identity: "e", event: "not_delivered", code: "1", receivedAt: at, workflow: true, raw: "" }],
    requested: [{ fact: "requested", wish: "w", by: "x", at, then: "fallback", hand: true }],
    ordered: [{ fact: "fallback_ordered", fallback: 1, by: "x", at, text: "x" }],
    recordAll: [[{ fact: "withdrawn", wish: "w", by: "x", at }]],
    setContext: [{ source, policy: rcs.defaultPolicy("vonage") }],
    merge: [revocation],
    assess: [at],
    explain: [at],
    fallback: [at],
    smsRequest: [at],
    sent: [at],
    push: ["x"],
};

/** A message instead of which an SMS may be sent. */
function sending() {
    const sent = new rcs.Revocation(message, { source: { ...source, sms: sender } });
    const by = { kind: "api", id: "1" };
    sent.record({ fact: "registered", by, receivedAt: at, sentAt: at, class: "otp", phone: "+447700900000", fallbackText: "x" });
    return sent;
}

function put(name, args) {
    switch (name) {
        case "Revocation":
            return new rcs.Revocation(...args).free();
        case "fromJSON":
            return rcs.Revocation.fromJSON(...args).free();
        case "record":
        case "answered":
        case "event":
        case "requested":
        case "ordered":
            return new rcs.Revocation(message, context).record(...args);
        case "recordAll":
        case "setContext":
        case "merge":
            return new rcs.Revocation(message, context)[name](...args);
        case "assess":
        case "explain":
        case "fallback":
        case "sent":
            return revocation[name](...args);
        case "smsRequest":
            return sending().smsRequest(...args);
        case "push":
            return new importing.Importer().push(...args);
        default:
            return entries[name](...args);
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
    } else if (typeof value === "object" && value !== null && !(value instanceof rcs.Revocation)) {
        for (const name of Object.keys(value)) {
            for (const other of bent(value[name], strange)) {
                yield { ...value, [name]: other };
            }
        }
    }
}

test("every function, with every argument and field of it replaced by something strange", () => {
    assert.deepEqual(
        Object.keys(entries).filter((name) => typeof entries[name] === "function" && !(name in CALLS)).sort(),
        ["Importer", "RcsRevokeError", "init", "initSync", "readResponse", "readSmsResponse", "version"],
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
    wrong(() => importing.parseImport(7), "invalid_argument", "text");
    wrong(() => rcs.routeRegion(undefined), "invalid_argument", "source");
    wrong(() => rcs.routeRegion({ ...source, launchCountry: "Germany" }), "invalid_argument", "source.launchCountry");
    wrong(() => rcs.routeRegion({ ...source, learnt: ["vonage.eu,vonage.us"] }), "invalid_argument", "source.learnt[0]");
    wrong(() => rcs.routeRegion({ ...source, listeningSince: NaN }), "invalid_argument", "source.listeningSince");
    wrong(() => rcs.routeRegion({ ...source, id: "\ud800" }), "invalid_argument", "source.id");
    wrong(() => rcs.parseId("zap", "x"), "invalid_argument", "kind");
    wrong(() => rcs.routeRegion({ provider: "vonage", get id() { throw new Error("no"); } }), "invalid_argument", "source.id");
    wrong(() => hearing.claimSource({ provider: "vonage", message: "1" }, [source, , source]), "invalid_argument", "sources[1]");
    const sms = { from: "Demo", to: "+447700900000", text: "x", host: "vonage.eu" };
    wrong(() => rcs.buildSmsRequest({ ...sms, text: "" }), "invalid_argument", "target.text");
    wrong(() => rcs.buildSmsRequest({ ...sms, clientRef: "x".repeat(101) }), "invalid_argument", "target.clientRef");
    wrong(() => rcs.buildSmsRequest({ ...sms, ttl: -1 }), "ttl_out_of_range", "target.ttl");
    wrong(() => rcs.buildSmsRequest({ ...sms, host: "google.us" }), "wrong_host", "target.host");
    wrong(() => rcs.expiryFields("vonage", -1), "ttl_out_of_range", "wanted");
    wrong(() => rcs.parseMessageIds("fax", []), "invalid_argument", "provider");
    wrong(() => hearing.eventFact({}, 1), "invalid_argument", "event.identity");
    wrong(() => hearing.smsFact({ identity: "e", event: "read" }, NaN, 1), "invalid_argument", "fallback");
    wrong(() => new rcs.Revocation(message, { source: { ...source, host: "google.us" } }), "invalid_source", undefined);
    const policy = { ...rcs.defaultPolicy("vonage"), settle: -1 };
    wrong(() => new rcs.Revocation(message, { source, policy }), "invalid_argument", "context.policy.settle");
    const classy = (more) => ({ source, policy: { ...rcs.defaultPolicy("vonage"), classes: [{ ...classes[0], ...more }] } });
    const cells = { ...classes[0].fallback, gone: "perhaps" };
    wrong(() => new rcs.Revocation(message, classy({ kind: "fax" })), "invalid_argument", "context.policy.classes[0].kind");
    wrong(() => new rcs.Revocation(message, classy({ ttl: undefined })), "invalid_argument", "context.policy.classes[0].ttl");
    wrong(() => new rcs.Revocation(message, classy({ retries: [1, -1] })), "invalid_argument", "context.policy.classes[0].retries[1]");
    wrong(() => new rcs.Revocation(message, classy({ fallback: cells })), "invalid_argument", "context.policy.classes[0].fallback.gone");
    wrong(() => new rcs.Revocation(message, { source: { ...source, sms: { ...sender, from: undefined } } }), "invalid_argument", "context.source.sms.from");
    wrong(() => new rcs.Revocation(message, { source: { ...source, sms: { ...sender, host: "mars" } } }), "invalid_argument", "context.source.sms.host");
    wrong(() => revocation.smsRequest(at), "recipient_missing", undefined);
    wrong(() => rcs.smsReference(message, 0), "invalid_argument", "fallback");
    wrong(() => rcs.smsReference("vonage:1", 1), "invalid_id", "message");
    wrong(() => rcs.buildRevokeRequest({ message: "vonage:../x", host: "vonage.eu" }), "invalid_id", "target.message");
    wrong(() => rcs.buildRevokeRequest({ message, host: "https://example.com" }), "invalid_argument", "target.host");
    wrong(() => rcs.buildRevokeRequest({ message, host: "google.us" }), "wrong_host", "target.host");
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
        "json.facts[0].begun_at",
    );
    wrong(() => revocation.record({ ...fact, attempt: 0 }), "invalid_argument", "fact.attempt");
    wrong(() => revocation.record({ ...fact, wish: "\ud800" }), "invalid_argument", "fact.wish");
    const life = { kind: "ttl", ttl: -5 };
    const registered = { fact: "registered", by: { kind: "api", id: "1" }, receivedAt: at, life };
    wrong(() => revocation.record(registered), "invalid_argument", "fact.life.ttl");
    wrong(() => rcs.Revocation.fromJSON("{", context), "invalid_argument", "json");
    const google = { id: "g", provider: "google_rbm", agent: "a" };
    const ofAnother = rcs.parseId("message", "google_rbm:b@rbm.goog:1");
    wrong(() => new rcs.Revocation(ofAnother, { source: google }), "invalid_source", undefined);
    assert.equal(new rcs.Revocation(ofAnother, { source: { ...google, agent: "b" } }).size, 0);
    wrong(() => new rcs.Revocation(message, { source: google }), "invalid_source", undefined);
    wrong(() => new rcs.Revocation(message, { source: { ...source, revokeAck: "confirmed" } }), "invalid_source", undefined);
});

test("what a class gives its objects is read; what all objects share is not, and nothing is written to it", () => {
    class Call {
        get method() {
            return "POST";
        }
        get headers() {
            return {};
        }
        get body() {
            return "";
        }
    }
    assert.equal(hearing.receiveWebhook("vonage", "k", new Call()).verdict.why, "signature_missing");
    class Configured {
        id = "otp";
        get provider() {
            return "vonage";
        }
    }
    assert.equal(rcs.routeRegion(new Configured()).certainty, "ambiguous");
    for (const name of ["method", "headers", "body"]) {
        for (const missing of [undefined, null]) {
            const call = { method: "POST", headers: {}, body: "", [name]: missing };
            const error = tame(name, () => hearing.receiveWebhook("vonage", "k", call));
            assert.deepEqual([error.code, error.path], ["invalid_argument", `call.${name}`]);
        }
    }
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
    assert.equal(tame("__proto__", () => rcs.Revocation.fromJSON(polluting, context)).path, "json.facts[0].__proto__");
    assert.equal({}.polluted, undefined);
    const { verdict } = hearing.receiveWebhook("vonage", "k", { method: "POST", headers: JSON.parse('{"__proto__":"x"}'), body: "" });
    assert.equal(verdict.verdict, "refused");
});

test("what is too large is refused, and what is large is read", () => {
    const long = "x".repeat(65 * 1024 * 1024);
    assert.equal(tame("a long text", () => rcs.parseId("wish", long)).code, "too_large");
    assert.deepEqual(rcs.readAnswer("vonage", { status: 404, body: long }), { ...rcs.readFailure("answer_too_long"), status: 404 });
    const half = "x".repeat(400_000_000);
    const parts = { provider: "google_rbm", agent: half, id: half };
    assert.equal(tame("two long texts", () => rcs.messageRef(parts)).code, "too_large");
    assert.equal(importing.parseImport(`${"a ".repeat(10_000)}\n`.repeat(600)).length, 600);
    const call = { method: "POST", headers: {}, body: "x".repeat(2 << 20) };
    assert.deepEqual(hearing.receiveWebhook("vonage", "k", call).verdict, { verdict: "refused", why: "too_large" });
    assert.equal(rcs.parseId("wish", "w"), "w");
});

test("a call that is too large for the module is refused by its provider's status, and secrets in the wrong place stay untold", () => {
    const body = new Uint8Array(65 * 1024 * 1024);
    const call = { method: "POST", headers: {}, body };
    for (const provider of ["vonage", "google_rbm"]) {
        const { status, verdict } = hearing.receiveWebhook(provider, "k", call);
        assert.deepEqual([status, verdict], [413, { verdict: "refused", why: "too_large" }]);
    }
    const error = tame("swapped", () => hearing.receiveWebhook("SECRET", "vonage", { method: "POST", headers: {}, body: "" }));
    assert.deepEqual([error.code, error.path], ["invalid_argument", "provider"]);
    assert.doesNotMatch(`${error.stack}`, /SECRET/);
    // The first field of a question, longer than nine digits can tell.
    assert.equal(tame("a long word", () => rcs.outcomeInfo("€".repeat(33_333_334))).code, "too_large");
});

test("a kind that changes while it is read puts no field into another", () => {
    const kinds = ["withdrawn", "answered", "fallback_intended", "event", "requested"];
    for (const [index, first] of kinds.entries()) {
        for (const then of kinds.slice(index + 1).concat("nonsense", undefined)) {
            const made = new rcs.Revocation(message, context);
            let reads = 0;
            const get = () => (reads++ === 0 ? first : then);
            const fact = Object.defineProperty({ wish: "1", by: "5", at: 7, identity: "e", event: "read" }, "fact", { get });
            try {
                made.record(fact);
                assert.deepEqual(made.facts().map(({ fact }) => fact), [first]);
            } catch (error) {
                assert.equal(error.code, "invalid_argument", `${first}, then ${then}: ${error.stack}`);
                assert.equal(made.size, 0);
            }
            assert.equal(reads, 1);
            made.free();
        }
    }
});

test("what an app puts on what every object inherits from changes no error", () => {
    for (const [name, value] of [["get", "x"], ["path", "x"], ["cause", "x"], ["code", "x"], ["writable", false]]) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
        try {
            const error = tame(name, () => rcs.parseId("phone", "12"));
            assert.deepEqual([error.code, error.name, error.path], ["invalid_phone", "RcsRevokeError", "text"], name);
        } finally {
            delete Object.prototype[name];
        }
    }
});

test("a freed object says so, and freeing it again does nothing", () => {
    const made = new rcs.Revocation(message, context);
    made[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
    made.free();
    for (const call of [() => made.outcome(at), () => made.record({}), () => made.setContext({}), () => made.recordAll([]), () => made.toJSON(), () => revocation.merge(made)]) {
        assert.equal(tame("freed", call).code, "freed");
    }
    const importer = new importing.Importer();
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

test("methods called on something else say so", () => {
    const { prototype } = rcs.Revocation;
    const importer = new importing.Importer();
    for (const strange of [undefined, 7, {}, Object.create(prototype), importer]) {
        for (const name of ["outcome", "record", "recordAll", "setContext", "merge", "explain", "toJSON", "facts", "known"]) {
            const error = tame(name, () => prototype[name].call(strange, []));
            assert.deepEqual([error.code, error.path], ["invalid_argument", name === "merge" ? "other" : "this"], name);
        }
        if (strange !== importer) {
            assert.equal(tame("push", () => importing.Importer.prototype.push.call(strange, "x")).path, "this");
        }
    }
});

test("a getter that frees the object in mid-call gives nothing to the object that takes its place", () => {
    const other = rcs.parseId("message", "vonage:bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab");
    const swaps = {
        record: (made, swap) => made.record({ fact: "withdrawn", by: "x", at, get wish() { return swap(made, "w"); } }),
        recordAll: (made, swap) => made.recordAll([{ fact: "withdrawn", by: "x", at, get wish() { return swap(made, "w"); } }]),
        setContext: (made, swap) => made.setContext({ get source() { return swap(made, { ...source, id: "evil" }); } }),
    };
    for (const [name, call] of Object.entries(swaps)) {
        let taken;
        const error = tame(name, () =>
            call(new rcs.Revocation(message, context), (made, value) => {
                made.free();
                taken = new rcs.Revocation(other, context);
                return value;
            }),
        );
        assert.equal(error.code, "freed", name);
        assert.deepEqual(taken.toJSON(), { message: other, facts: [] });
    }
});

test("bytes that are taken away in mid-call cost no object", () => {
    const body = new Uint8Array(200);
    const headers = { a: "x".repeat(200) };
    const call = {
        method: "POST",
        body,
        get headers() {
            structuredClone(body.buffer, { transfer: [body.buffer] });
            return headers;
        },
    };
    tame("detached", () => hearing.receiveWebhook("vonage", undefined, call));
    const key = new Uint8Array([107]);
    const taking = {
        method: "POST",
        body: "{}",
        get headers() {
            structuredClone(key.buffer, { transfer: [key.buffer] });
            return headers;
        },
    };
    assert.equal(hearing.receiveWebhook("vonage", { key }, taking).verdict.verdict, "refused");
    assert.ok(revocation.assess(at));
});

test("a credential never shows in an error", () => {
    const built = rcs.buildRevokeRequest({ message, host: "vonage.eu" });
    for (const authorization of ["Bearer SECRET\nx", "Bearer SECRET…", "Bearer SECRET\u0000", ["SECRET"], { SECRET: 1 }]) {
        const error = tame("toRequest", () => rcs.toRequest(built, { authorization }));
        assert.deepEqual([error.code, error.path, error.cause], ["invalid_argument", "options.authorization", undefined]);
        assert.doesNotMatch(`${error.stack}`, /SECRET/);
    }
});

test("a module of somebody else is refused, and the right one is taken afterwards", async () => {
    const web = await import(pathToFileURL(join(folder, "web.js")).href);
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    const others = ["rcs_revoke_import.wasm", "rcs_revoke_webhooks.wasm"].map((name) => readFileSync(join(folder, name)));
    for (const strange of [empty, ...others]) {
        assert.throws(() => web.initSync(strange), { name: "RcsRevokeError", code: "not_loaded" });
    }
    assert.throws(() => web.parseId("wish", "w"), { name: "RcsRevokeError", code: "not_loaded" });
    web.initSync(readFileSync(join(folder, "rcs_revoke.wasm")));
    assert.equal(web.parseId("wish", "w"), "w");
});

test("a fault inside the module costs its objects, which say so at once, and nothing else", async () => {
    const module = new WebAssembly.Module(readFileSync(join(folder, "rcs_revoke.wasm")));
    const web = await import(`${pathToFileURL(join(folder, "web.js")).href}?fault`);
    const { Instance } = WebAssembly;
    let fault = false;
    WebAssembly.Instance = function (...args) {
        const { exports } = new Instance(...args);
        const core_call = (...call) => {
            if (fault) {
                fault = false;
                throw new WebAssembly.RuntimeError("unreachable");
            }
            return exports.core_call(...call);
        };
        return { exports: { ...exports, core_call } };
    };
    try {
        web.initSync(module);
        const [one, other] = [1, 2].map(() => new web.Revocation(message, context));
        assert.throws(() => new web.Revocation(message, {}), { code: "invalid_argument" });
        assert.equal(other.size, 0);
        fault = true;
        assert.throws(() => one.size, { code: "internal" });
        assert.throws(() => other.size, { code: "freed", message: /fault/ });
        const again = new web.Revocation(message, context);
        other.free();
        assert.equal(again.size, 0);
    } finally {
        WebAssembly.Instance = Instance;
    }
});

test("a full stack is an error of the app, and costs no object", () => {
    const made = new rcs.Revocation(message, context);
    made.record({ fact: "requested", wish: "w", by: "x", at });
    let now = at;
    const nested = `${"[".repeat(200)}${"]".repeat(200)}`;
    const json = made.toJSON();
    const importer = new importing.Importer();
    const calls = {
        explain: () => made.explain(at),
        assess: () => made.assess((now += 100_000)),
        record: () => made.record({ fact: "withdrawn", wish: "w2", by: "x", at }),
        read: () => rcs.readAnswer("google_rbm", { status: 404, body: nested }),
        import: () => importing.parseImport(`{"messageId":"1","x":${nested}}`),
        webhook: () => hearing.receiveWebhook("google_rbm", "k", { method: "POST", headers: {}, body: nested }),
        json: () => rcs.Revocation.fromJSON(json, context).free(),
    };
    for (const [name, call] of Object.entries(calls)) {
        // Called at each depth until there is no stack left for it, by code that is compiled better each time.
        const walk = (depth) => {
            const frame = [depth];
            call();
            walk(depth + 1);
            return frame;
        };
        for (let round = 0; round < 5; round += 1) {
            assert.throws(() => walk(0), (error) => {
                const isOfTheApp = error instanceof RangeError || error.cause instanceof RangeError;
                return isOfTheApp && error.code !== "internal";
            }, name);
            assert.ok(made.size >= 1, name);
            assert.deepEqual(importer.push(""), [], name);
        }
    }
    assert.equal(made.message, message);
    assert.ok(made.size >= 1);
});
