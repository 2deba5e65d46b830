// What the vectors do not show of the npm package: its own objects, bytes, slices, types.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { core, folder, hearing, importing, rcs } from "./module.mjs";

const UUID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const message = rcs.parseId("message", `vonage:${UUID}`);
const source = { id: "otp", provider: "vonage", sender: "DemoAgent" };
const at = Date.UTC(2026, 10, 20, 10);

/** A wish, an accepted attempt, and what else happened. */
function revocation(...more) {
    const made = new rcs.Revocation(message, { source });
    for (const fact of [
        { fact: "requested", wish: "rev_1", by: "test", at: new Date(at) },
        { fact: "attempted", attempt: 1, wish: "rev_1", host: "vonage.eu", begunAt: at },
        { fact: "answered", attempt: 1, ack: "accepted", status: 202, at: at + 100 },
        ...more,
    ]) {
        assert.equal(made.record(fact), true);
    }
    return made;
}

test("an accepted answer is not called revoked, and its delivery is called a race", () => {
    const made = revocation();
    const early = made.assess(at + 1_000);
    assert.equal(early.outcome.outcome, "settling");
    assert.equal(early.lookAgainAt, early.outcome.until);
    const event = { fact: "event", identity: "e", event: "delivered", receivedAt: at + 5_000 };
    assert.equal(made.record(event), true);
    assert.equal(made.record(event), false, "the same fact again changes nothing");
    assert.deepEqual(made.outcome(new Date(at + 60_000)), { outcome: "delivered", at: at + 5_000, raced: true });
});

test("what is given out again holds until an instant or a fact may change it", () => {
    const made = revocation();
    const { lookAgainAt } = made.assess(at + 1_000);
    const fresh = (now) => revocation().assess(now);
    for (const now of [at + 1_000, at + 1_001, lookAgainAt - 1, lookAgainAt, lookAgainAt + 1, at, at + 86_400_000]) {
        assert.deepEqual(made.assess(now), fresh(now), `at ${now - at}`);
    }
    assert.throws(() => {
        "use strict";
        made.outcome(at + 1_000).outcome = "revoked";
    }, TypeError);
});

test("assess, nextStep and explain agree, with the provider's default policy", () => {
    const made = revocation();
    const now = at + 60_000;
    const assessment = made.assess(now);
    made.setContext({ source, policy: rcs.defaultPolicy("vonage") });
    assert.deepEqual(made.assess(now), assessment);
    assert.deepEqual(made.nextStep(now), assessment.step);
    const { outcome, sentence, cites } = made.explain(now);
    assert.deepEqual(outcome, assessment.outcome);
    assert.ok(sentence.some((piece) => typeof piece === "object" && piece.time >= at));
    assert.match(rcs.sentenceText(sentence), /2026-11-20T10:00:00\.100Z/);
    assert.ok(cites.includes("answered:000001"));
    made.setContext({ source, policy: { ...rcs.defaultPolicy("vonage"), settle: 3_600_000 } });
    assert.equal(made.outcome(now).outcome, "settling");
});

test("facts come back as they were given, and JSON is the server's", () => {
    const facts = [
        {
            fact: "registered",
            by: { kind: "api", id: "call-1" },
            receivedAt: at,
            sentAt: at - 1_000,
            life: { kind: "ttl", ttl: 600_000 },
            class: "otp",
            phone: "+447700900000",
            host: "vonage.eu",
            failover: false,
            revokeAt: at + 600_000,
            fallbackText: "Your code is \u001a\u001f \"1234\" é😀",
        },
        { fact: "requested", wish: "w", by: "", at, notBefore: at + 1, then: "fallback", reason: "", overrideWindow: true, hand: true },
        { fact: "withdrawn", wish: "w", by: "ops", at },
        { fact: "attempted", attempt: 1, wish: "w", host: "vonage.us", begunAt: at },
        { fact: "answered", attempt: 1, ack: "no_effect", reason: "throttled", retryAfter: 15_000, status: 429, body: "", at },
        { fact: "answered", attempt: 2, ack: "not_found", proper: false, at },
        { fact: "answered", attempt: 3, ack: "not_sent", why: "tls", at },
        { fact: "answered", attempt: 4, ack: "unknown", at },
        {
            fact: "event",
            identity: "[\"e\"]",
            event: "not_delivered",
            code: "1300",
            receivedAt: at,
            eventTime: "2026-11-20T10:00:00Z",
            phone: "+447700900000",
            workflow: true,
            raw: "{\"status\":\"rejected\"}\n",
        },
        { fact: "event", identity: "u", event: "unknown_word", word: "parked", receivedAt: at, raw: "" },
        { fact: "event", identity: "n", event: "unsubscribed", receivedAt: at, raw: "" },
        { fact: "fallback_ordered", fallback: 1, by: "ops", at, text: "1234" },
        { fact: "fallback_intended", fallback: 1, at, request: "POST …" },
        { fact: "fallback_answered", fallback: 1, ack: "accepted", providerId: "x", at },
        { fact: "fallback_status", fallback: 1, identity: "s", event: "delivered", receivedAt: at },
    ];
    const made = new rcs.Revocation(message, { source });
    facts.forEach((fact) => assert.equal(made.record(fact), true));
    assert.equal(made.size, facts.length);
    const byKey = (one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
    assert.deepEqual(made.facts().sort(byKey), [...facts].sort(byKey));
    const json = made.toJSON();
    assert.equal(json.facts.find(({ fact }) => fact === "attempted").begun_at, at);
    for (const given of [json, JSON.stringify(made)]) {
        const copy = rcs.Revocation.fromJSON(given, { source });
        assert.deepEqual(copy.toJSON(), json);
        assert.deepEqual(copy.explain(at + 5_000), made.explain(at + 5_000));
    }
    const known = made.known();
    assert.equal(known.sentAt, at - 1_000);
    assert.equal(known.horizon, at + 599_000);
    assert.equal(known.recipient, "+447700900000");
});

const SENDER = { source: "otp", from: "+447700900001", host: "vonage.eu" };

/** An OTP that will not come. */
function rejected(more = {}, context = {}) {
    const made = new rcs.Revocation(message, { source: { ...source, sms: SENDER }, ...context });
    const by = { kind: "api", id: "1" };
    const words = { class: "otp", phone: "+447700900000", fallbackText: "Your code is 1234", ...more };
    made.record({ fact: "registered", by, receivedAt: at, sentAt: at, ...words });
    made.record({ fact: "requested", wish: "w", by: "ops", at: at + 1_000, then: "fallback" });
    made.record({ fact: "event", identity: "e", event: "not_delivered", code: "1330", receivedAt: at + 2_000 });
    return made;
}

test("an SMS leaves once: written down, sent, answered, and followed", () => {
    const made = rejected();
    const now = at + 3_000;
    assert.deepEqual(made.assess(now).step, { step: "send_fallback", fallback: 1 });
    assert.equal(made.assess(now).sms, 1);
    const next = made.fallback(now);
    assert.deepEqual([next.number, next.offer], [1, "now"]);
    assert.match(rcs.sentenceText(next.what), /An SMS leaves now/);
    assert.match(rcs.sentenceText(next.risk), /the only one/);
    assert.deepEqual(made.sent(now), []);

    const { fallback, via, ...built } = made.smsRequest(now);
    assert.deepEqual([fallback, via], [1, "otp"]);
    const target = { from: "+447700900001", to: "+447700900000", text: "Your code is 1234", host: "vonage.eu" };
    // It waits for its phone until the code is stale, 30 minutes after sending, but for half an hour at least.
    const same = rcs.buildSmsRequest({ ...target, ttl: 1_800_000, clientRef: rcs.smsReference(message, 1) });
    assert.deepEqual(built, same);

    assert.equal(made.record({ fact: "fallback_intended", fallback, request: built.body, at: now }), true);
    assert.deepEqual(made.sent(now + 1), [{ number: 1, at: now, sms: "sending" }]);
    assert.deepEqual(made.sent(now + 60_000), [{ number: 1, at: now, sms: "maybe_sent" }]);
    const reading = rcs.readSmsAnswer({ status: 202, body: JSON.stringify({ message_uuid: UUID.toUpperCase() }) });
    assert.deepEqual(reading, { ack: "accepted", providerId: UUID });
    made.record({ fact: "fallback_answered", fallback, ...reading, at: now + 200 });
    assert.deepEqual(made.sent(now + 300), [{ number: 1, at: now, sms: "sent" }]);
    made.record({ fact: "fallback_status", fallback, identity: "s", event: "not_delivered", code: "1330", receivedAt: now + 400 });
    assert.deepEqual(made.sent(now + 500), [{ number: 1, at: now, sms: "not_delivered", code: "1330" }]);
    assert.equal(made.assess(now + 500).sms, undefined);
    assert.deepEqual([made.fallback(now + 500).number, made.fallback(now + 500).because], [2, "sms_sent"]);
});

test("webhooks about an SMS and about a person's wish become facts", () => {
    const cases = JSON.parse(readFileSync(new URL("../vectors/webhooks.json", import.meta.url), "utf8"));
    const verdicts = (word) =>
        cases
            .filter(({ expected }) => expected.verdict.verdict === word)
            .map(({ input: { provider, secret, ...call } }) => hearing.receiveWebhook(provider, secret ?? undefined, call).verdict);
    const statuses = verdicts("sms");
    assert.ok(statuses.length > 0);
    for (const sms of statuses) {
        const made = rejected();
        const status = hearing.smsFact(sms, 1, at + 4_000);
        assert.deepEqual([status.fact, status.fallback, status.identity, status.event], ["fallback_status", 1, sms.identity, sms.event]);
        assert.equal(made.record(status), true, sms.raw);
        assert.equal(made.record(status), false);
    }
    const wishes = verdicts("consent");
    assert.deepEqual([...new Set(wishes.map(({ subscribed }) => subscribed))].sort(), [false, true]);
    for (const consent of wishes) {
        const fact = hearing.consentFact(consent, at + 4_000);
        assert.equal(fact === undefined, consent.subscribed);
        if (fact) {
            assert.deepEqual([fact.event, fact.phone, fact.raw], ["unsubscribed", consent.phone, consent.raw]);
            assert.equal(rejected().record(fact), true);
        }
    }
});

test("what an SMS lacks is an error with a code, and what an order says is what it says", () => {
    const now = at + 3_000;
    for (const [more, context, code] of [
        [{ phone: undefined }, {}, "recipient_missing"],
        [{}, { source }, "sender_missing"],
        [{ fallbackText: undefined }, {}, "text_missing"],
        [{ fallbackText: "x".repeat(1_001) }, {}, "invalid_argument"],
        [{}, { source: { ...source, sms: { ...SENDER, host: "google.us" } } }, "wrong_host"],
    ]) {
        assert.throws(() => rejected(more, context).smsRequest(now), { code });
    }
    const made = rejected({ fallbackText: undefined });
    made.record({ fact: "fallback_ordered", fallback: 1, by: "ops", at: now, text: "Ask for a new code" });
    assert.equal(JSON.parse(made.smsRequest(now).body).text, "Ask for a new code");
});

test("classes are data, and the standard ones are there without a word", () => {
    const [otp, transactional, promotional] = rcs.standardClasses();
    assert.deepEqual([otp.name, transactional.name, promotional.name], ["otp", "transactional", "promotional"]);
    assert.deepEqual([otp.ttl, otp.revokeAfter, otp.fallbackBy, otp.notAfter], [600_000, 600_000, 60_000, 1_800_000]);
    assert.equal("notAfter" in promotional, false);
    const policy = rcs.defaultPolicy("vonage");
    assert.equal("classes" in policy, false);
    const asked = (classes) => rejected({}, { policy: { ...policy, classes } }).fallback(at + 3_000);
    assert.deepEqual(asked([otp, transactional, promotional]), rejected().fallback(at + 3_000));
    const careful = { ...otp, fallback: { ...otp.fallback, gone: "by_hand" } };
    assert.deepEqual([asked([careful]).offer, asked([careful]).because], ["by_hand", "outcome"]);
    assert.equal(asked([transactional]).because, "no_class");
    const texted = { ...otp, smsText: "Acme: {text}", smsFrom: "Acme", notAfter: 7_200_000 };
    const { body } = rejected({}, { policy: { ...policy, classes: [texted] } }).smsRequest(at + 3_000);
    const { from, text, ttl } = JSON.parse(body);
    assert.deepEqual({ from, text, ttl }, { from: "Acme", text: "Acme: Your code is 1234", ttl: 7_197 });
});

test("the wish that a class makes is recorded as it is, and frozen until then", () => {
    const made = new rcs.Revocation(message, { source });
    made.record({ fact: "registered", by: { kind: "api", id: "1" }, receivedAt: at, sentAt: at, class: "otp" });
    const { step } = made.assess(at);
    assert.equal(step.step, "request");
    assert.equal(step.requested.notBefore, at + 600_000);
    assert.ok(Object.isFrozen(step.requested));
    assert.equal(made.record({ fact: "requested", ...step.requested }), true);
    assert.deepEqual(made.nextStep(at), { step: "wait_until", at: at + 600_000, brings: "start" });
});

test("merging is a union, and evidence of two messages is never merged", () => {
    const [one, other] = [revocation(), new rcs.Revocation(message, { source })];
    other.record({ fact: "event", identity: "e", event: "delivered", receivedAt: at + 5_000 });
    one.merge(other);
    one.merge(one);
    assert.equal(one.size, 4);
    assert.equal(other.size, 1);
    const stranger = new rcs.Revocation(rcs.messageRef({ provider: "vonage", id: UUID.replace("a", "b") }), { source });
    assert.throws(() => one.merge(stranger), { code: "other_message" });
    assert.throws(() => one.merge({}), { code: "invalid_argument", path: "other" });
});

test("a webhook's body may be bytes, and only those bytes fit its signature", () => {
    const file = new URL("../vectors/webhooks.json", import.meta.url);
    const { input, expected } = JSON.parse(readFileSync(file, "utf8")).find(
        ({ input, expected }) => input.provider === "vonage" && expected.verdict.verdict === "event",
    );
    const bytes = new TextEncoder().encode(input.body);
    assert.deepEqual(core.receiveWebhook({ ...input, body: bytes }), expected);
    assert.deepEqual(core.receiveWebhook({ ...input, body: bytes.buffer }), expected);
    const key = new TextEncoder().encode(input.secret.key);
    assert.deepEqual(core.receiveWebhook({ ...input, secret: { ...input.secret, key } }), expected);
    const headers = new Headers(input.headers);
    assert.deepEqual(core.receiveWebhook({ ...input, headers }), expected);
    const lower = Object.fromEntries(input.headers.map(([name, value]) => [name.toLowerCase(), [value]]));
    assert.deepEqual(core.receiveWebhook({ ...input, headers: lower }), expected);
    const reception = core.receiveWebhook({ ...input, body: `${input.body} ` });
    assert.deepEqual(reception.verdict, { verdict: "refused", why: "signature_wrong" });

    const { verdict } = hearing.receiveWebhook("vonage", input.secret, input);
    const fact = hearing.eventFact(verdict, new Date(at));
    assert.equal(fact.receivedAt, at);
    const made = new rcs.Revocation(hearing.eventMessage(verdict), { source });
    assert.equal(made.record(fact), true);
    assert.equal(hearing.claimSource(verdict, [source, { id: "google", provider: "google_rbm", agent: "a" }]), "otp");
    assert.equal(hearing.claimSource(verdict, [source, { ...source, id: "twin" }]), undefined);
    assert.equal(hearing.claimSource(verdict, [source, { ...source, id: "twin" }], "twin"), "twin");
});

test("an import in slices of bytes gives the rows of the whole text", () => {
    const text = `id,phone,text\r\n12345xyz,+12223334444,"ä,\n→"\r\n${UUID},,\r\n../x,,\r\n`;
    const whole = importing.parseImport(text);
    assert.deepEqual(whole.map(({ row, line }) => [row, line]), [["entry", 2], ["entry", 4], ["problem", 5]]);
    const bytes = new TextEncoder().encode(text);
    for (const step of [1, 2, 3, 7, 1_000]) {
        const importer = new importing.Importer();
        const rows = [];
        for (let from = 0; from < bytes.length; from += step) {
            rows.push(...importer.push(bytes.subarray(from, from + step)));
        }
        rows.push(...importer.finish());
        assert.deepEqual(rows, whole, `in slices of ${step}`);
        assert.throws(() => importer.finish(), { name: "RcsRevokeError", code: "finished" });
        assert.throws(() => importer.push("more"), { name: "RcsRevokeError", code: "finished" });
        importer.free();
    }
});

test("a text may be cut anywhere, and half a pair is read as what it is", () => {
    const text = `id,note\n${UUID},hi 😀 there\n`;
    const whole = importing.parseImport(text);
    for (let cut = 0; cut <= text.length; cut += 1) {
        const importer = new importing.Importer();
        assert.deepEqual([...importer.push(text.slice(0, cut)), ...importer.push(text.slice(cut)), ...importer.finish()], whole);
    }
    const lone = `${UUID}\n\ud83d`;
    assert.deepEqual(importing.parseImport(lone), importing.parseImport(`${UUID}\n\ufffd`));
    assert.deepEqual(importing.parseImport(`x\ud83d${UUID}`), importing.parseImport(`x\ufffd${UUID}`));
    const importer = new importing.Importer();
    const rows = [...importer.push("../\ud83d"), ...importer.push(new TextEncoder().encode("/x\n")), ...importer.finish()];
    assert.deepEqual(rows, importing.parseImport("../\ufffd/x\n"));
});

test("many ids in one call are what each is alone", () => {
    assert.deepEqual(rcs.parseMessageIds("vonage", [UUID, "\ud800"]).invalid.map(({ index }) => index), [1]);
    const texts = [UUID, UUID.toUpperCase(), "x", "", "a\nb", "\n", "é", UUID.slice(1), UUID];
    const { ids, invalid } = rcs.parseMessageIds("vonage", texts);
    const alone = texts.map((text) => {
        try {
            return rcs.parseMessageId("vonage", text);
        } catch (error) {
            assert.equal(error.code, "invalid_id");
            return undefined;
        }
    });
    assert.deepEqual(ids, alone.filter((id) => id !== undefined));
    assert.deepEqual(invalid.map(({ index }) => index), alone.flatMap((id, index) => (id ? [] : [index])));
    assert.ok(invalid.every(({ message }) => message.length > 0));
    assert.deepEqual(rcs.parseMessageIds("google_rbm", []), { ids: [], invalid: [] });
    const many = Array.from({ length: 250_000 }, (_, index) => `id-${index}`);
    many[123_456] = "../x";
    const parsed = rcs.parseMessageIds("google_rbm", many);
    assert.equal(parsed.ids.length, 249_999);
    assert.deepEqual(parsed.invalid.map(({ index }) => index), [123_456]);
    assert.deepEqual(many[0], "id-0", "what was given stays as it was");
});

test("requests come with their documented URL, and as a Request without a credential", () => {
    const built = rcs.buildRevokeRequest({ message, host: "vonage.eu" });
    const request = rcs.toRequest(built);
    assert.deepEqual([request.method, request.url], ["PATCH", `https://api-eu.nexmo.com/v1/messages/${UUID}`]);
    assert.equal(request.headers.has("authorization"), false);
    assert.equal(request.redirect, "manual");
    const local = rcs.toRequest(built, { baseUrl: "http://127.0.0.1:9", authorization: "Bearer x" });
    assert.equal(local.url, `http://127.0.0.1:9/v1/messages/${UUID}`);
    assert.equal(local.headers.get("authorization"), "Bearer x");
    const sms = rcs.buildSmsRequest({
        from: "Demo",
        to: "+447700900000",
        text: "Your code is 1234",
        host: "vonage.eu",
        ttl: 1_800_000,
        clientRef: "demo-1/sms",
    });
    assert.deepEqual(JSON.parse(sms.body), {
        channel: "sms",
        message_type: "text",
        to: "447700900000",
        from: "Demo",
        text: "Your code is 1234",
        ttl: 1_800,
        client_ref: "demo-1/sms",
    });
});

test("expiry fields are the provider's own, and say what to register", () => {
    const life = { kind: "ttl", ttl: 600_000 };
    assert.deepEqual(rcs.expiryFields("google_rbm", "otp"), { provider: "google_rbm", fields: { ttl: "600s" }, life });
    assert.deepEqual(rcs.expiryFields("vonage", 600_999), { provider: "vonage", fields: { ttl: 600 }, life });
    assert.throws(() => rcs.expiryFields("vonage", 1), { code: "ttl_out_of_range" });
});

test("an answer of fetch is read with its body, and a broken one is told as such", async () => {
    const answer = new Response("{}", { status: 200 });
    assert.deepEqual(await rcs.readResponse("google_rbm", answer), { ack: "accepted", status: 200, body: "{}" });
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });
    assert.deepEqual(await rcs.readResponse("google_rbm", new Response(broken)), { ack: "unknown" });
    const read = new Response("{}", { status: 404 });
    await read.text();
    const locked = new Response("{}");
    locked.body.getReader();
    for (const strange of [read, locked, { status: 202, headers: {}, data: {} }]) {
        await assert.rejects(rcs.readResponse("vonage", strange), { code: "invalid_argument", path: "response" });
    }
    assert.deepEqual(rcs.readFailure("name_not_resolved"), { ack: "not_sent", why: "name_not_resolved" });
});

test("what a provider said is kept with its answer, shortened as the server shortens it", () => {
    const long = `\ufeff${"é😀".repeat(3_000)}`;
    const reading = rcs.readAnswer("vonage", { status: 404, body: new TextEncoder().encode(long) });
    assert.deepEqual(reading, { ack: "not_found", proper: false, status: 404, body: [...long].slice(0, 2_000).join("") });
    assert.equal(rcs.readAnswer("vonage", { status: 400, body: new Uint8Array([0xff, 65]) }).body, "\ufffdA");
    const made = revocation();
    assert.equal(made.record({ fact: "answered", attempt: 2, ...reading, at }), true);
    const kept = made.facts().find(({ attempt, fact }) => fact === "answered" && attempt === 2);
    assert.deepEqual(kept, { fact: "answered", attempt: 2, ...reading, at });
});

test("many at once are what each is alone, and an error says which", () => {
    const sources = [source, { id: "shop", provider: "google_rbm", agent: "shop" }, { id: "twin", provider: "google_rbm", agent: "twin" }];
    const entries = Array.from({ length: 2_500 }, (_, index) => ({
        id: index % 2 ? UUID : `id-${index}`,
        agent: index % 3 ? "shop@rbm.goog" : undefined,
        phone: index % 5 ? "+447700900000" : undefined,
    }));
    const known = entries.map((_, index) => (index % 7 ? undefined : { source: "twin", hasRecipient: index % 2 === 0 }));
    const alone = entries.map((entry, index) => importing.resolveEntry(entry, sources, known[index]));
    assert.deepEqual(importing.resolveEntries(entries, sources, known), alone);
    assert.deepEqual(importing.resolveEntries(entries.slice(0, 9), sources), entries.slice(0, 9).map((entry) => importing.resolveEntry(entry, sources)));
    assert.deepEqual(importing.resolveEntries([], sources), []);
    const wrong = (call, path) => assert.throws(call, { code: /^invalid_/, path });
    wrong(() => importing.resolveEntries([...entries, { id: "../x" }], sources), "entries[2500].id");
    wrong(() => importing.resolveEntries(entries, sources, [, { source: "a b" }]), "known[1].source");
    wrong(() => importing.resolveEntries([], [{ ...source, id: "" }]), "sources[0].id");

    const targets = [{ message, host: "vonage.eu" }, { message: "google_rbm:a@rbm.goog:1", recipient: "+447700900000", host: "google.us" }];
    assert.deepEqual(rcs.buildRevokeRequests(targets), targets.map((target) => rcs.buildRevokeRequest(target)));
    assert.deepEqual(rcs.buildRevokeRequests([]), []);
    const { recipient, ...bare } = targets[1];
    assert.throws(() => rcs.buildRevokeRequests([targets[0], bare]), { code: "recipient_missing", path: "targets[1].recipient" });
    assert.throws(() => rcs.buildRevokeRequests([{ message, host: "google.us" }]), { code: "wrong_host", path: "targets[0].host" });

    const facts = revocation().facts();
    const made = new rcs.Revocation(message, { source });
    assert.equal(made.outcome(at + 9_000).outcome, "watched");
    assert.equal(made.recordAll([...facts, facts[0]]), 3);
    assert.deepEqual(made.assess(at + 9_000), revocation().assess(at + 9_000));
    assert.equal(made.recordAll(facts), 0);
    const more = { fact: "withdrawn", wish: "rev_1", by: "ops", at };
    wrong(() => made.recordAll([more, { ...more, at: "now" }]), "facts[1].at");
    assert.equal(made.size, 3, "all or none");
});

test("what this version would lose of a newer one's JSON is refused with its place", () => {
    const fact = { fact: "withdrawn", wish: "w", by: "x", at };
    const refused = (facts, path) => {
        assert.throws(() => rcs.Revocation.fromJSON({ message, facts }, { source }), { code: "invalid_argument", path });
    };
    refused([fact, { fact: "pondered", at }], "json.facts[1].fact");
    refused([{ ...fact, mood: "glad" }], "json.facts[0].mood");
    refused([{ fact: "attempted", attempt: 1, wish: "w", host: "vonage.eu", begun_at: 1, begunAt: 2 }], "json.facts[0].begunAt");
    const by = { kind: "api", id: "1", shift: 2 };
    refused([{ fact: "registered", by, received_at: at }], "json.facts[0].by.shift");
    assert.throws(() => rcs.Revocation.fromJSON({ message, facts: [], more: 1 }, { source }), { path: "json.more" });
});

test("every outcome's code has a label, a tone and a sureness", () => {
    for (const code of ["delivered", "revoked", "settling", "watched"]) {
        const { label, tone, sureness, rank } = rcs.outcomeInfo(code);
        assert.ok(label && tone && sureness && rank >= 0, code);
    }
    assert.throws(() => rcs.outcomeInfo("lost"), { code: "invalid_argument", path: "code" });
});

test("a host of another provider is never asked", () => {
    const plain = rcs.routeRegion(source);
    assert.deepEqual(rcs.routeRegion(source, "google.us"), plain);
    assert.deepEqual(rcs.routeRegion({ ...source, host: "google.us", learnt: ["google.us"] }), plain);
});

test("hosts and policies are the provider's", () => {
    assert.deepEqual(rcs.hosts("vonage").map(({ host }) => host), ["vonage.us", "vonage.eu", "vonage.ap"]);
    assert.equal(rcs.defaultPolicy("google_rbm").settle, 5_000);
});

test("import and require give one module, and the entries one class of errors", async () => {
    for (const [file, required] of [["node.js", rcs], ["import-node.js", importing], ["webhooks-node.js", hearing]]) {
        const imported = await import(pathToFileURL(join(folder, file)).href);
        assert.deepEqual({ ...imported }, { ...required });
    }
    assert.equal(importing.RcsRevokeError, rcs.RcsRevokeError);
    assert.equal(hearing.RcsRevokeError, rcs.RcsRevokeError);
});

test("every export has its type, and none is any", () => {
    const read = (name) => readFileSync(join(folder, "types", name), "utf8");
    for (const [name, entry] of [["index.d.ts", rcs], ["import.d.ts", importing], ["webhooks.d.ts", hearing]]) {
        const text = read(name);
        const files = [...text.matchAll(/^export \* from "\.\/(\w+)\.js"/gm)].map(([, name]) => `${name}.d.ts`);
        const types = [text, ...files.map(read)].join("\n");
        assert.doesNotMatch(types.replace(/\/\*\*.*?\*\//gs, ""), /\bany\b/);
        for (const name of Object.keys(entry)) {
            assert.match(types, new RegExp(`export (function|class) ${name}\\b`));
        }
        const declared = [...types.matchAll(/export (?:function|class) (\w+)/g)].map(([, name]) => name);
        assert.deepEqual([...new Set(declared)].sort(), Object.keys(entry).sort());
    }
});

test("the package knows what it was built from", () => {
    const { version, commit } = rcs.version();
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.match(commit, /^([0-9a-f]{40}(-dirty)?|unknown)$/);
    assert.deepEqual([importing.version(), hearing.version()], [{ version, commit }, { version, commit }]);
});
