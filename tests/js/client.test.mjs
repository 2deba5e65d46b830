// The client of the proxy against the real server and the simulator: what it calls, and what it does when the server
// dies under it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Vonage } from "@vonage/server-sdk";

import { Client, ProxyError } from "../../crates/wasm/npm/client/index.js";
import { ACCESS_KEY, startServer } from "./server.mjs";
import { startSimulator } from "./simulator.mjs";

const OFFLINE = "447700900001";
const LIMIT = { timeout: 60_000 };

let simulator;
let server;
let client;

before(async () => {
    simulator = await startSimulator();
    await simulator.control("POST", "/behaviour", { phone: OFFLINE, behaviour: { delivery: { kind: "never" } } });
    server = await startServer(simulator);
    client = new Client({ url: server.url, accessKey: ACCESS_KEY });
});

after(async () => {
    await server?.stop();
    await simulator?.stop();
});

/** A message's key that nobody has used. */
const newKey = () => `vonage:${crypto.randomUUID()}`;

/** The first event that fits, of a watch that goes on. */
async function next(watch, fits) {
    for (;;) {
        const { done, value } = await watch.next();
        assert.ok(!done, "the watch ended");
        if (fits(value)) return value;
    }
}

const hello = ({ event }) => event === "hello";

/** Fits an event about a message. */
const about = (key) => (event) => event.event === "message" && event.message.message === key;

/** Sends a message through the simulated provider, to a phone that is off. */
async function send() {
    const { hosts, applicationId, privateKey } = simulator;
    const sdk = new Vonage({ applicationId, privateKey }, { apiHost: hosts["vonage.api"] });
    const text = { channel: "rcs", messageType: "text", to: OFFLINE, from: "DemoAgent", text: "Your code is 1234", ttl: 600 };
    const { messageUUID } = await sdk.messages.send(text);
    return `vonage:${messageUUID}`;
}

test("a message is registered, revoked at its provider, and watched until its outcome", LIMIT, async () => {
    const key = await send();
    const watch = client.watch();
    await next(watch, hello);

    const id = key.slice("vonage:".length);
    const registered = await client.register({ id, source: "otp", phone: `+${OFFLINE}`, sentAt: new Date(), ttl: 600_000 });
    assert.deepEqual(registered, { kept: 1, refused: 0, results: [{ message: key }] });

    const report = await client.revoke(key, { reason: "wrong price" });
    assert.deepEqual([report.made, report.already, report.refused], [1, 0, 0]);
    const [{ taken, wish }] = report.results;
    assert.equal(taken, "made");

    const settled = (event) => about(key)(event) && event.message.outcome.outcome === "settling";
    const { message } = await next(watch, settled);
    await watch.return();
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "revoked");
    assert.match(message.recipient, /^\+44 •+ 01$/);

    const detail = await client.message(key);
    assert.equal(detail.outcome.outcome, "settling");
    assert.equal(detail.host, "vonage.eu");
    assert.ok(detail.timeline.length >= 4 && detail.explanation.cites.length > 0);
    assert.ok(detail.changedAt > 0 && detail.windowCloses > Date.now());
    assert.equal((await client.revocation(wish)).message, key);
    const [known] = await client.lookup([id, crypto.randomUUID()]);
    assert.deepEqual([known.id, known.message, known.hasRecipient], [id, key, true]);
});

test("the same key gives the same report, another command with it is refused", async () => {
    const [key, other] = [newKey(), newKey()];
    const idempotencyKey = crypto.randomUUID();
    const item = { message: key, source: "otp" };
    const terms = { notBefore: Date.now() + 3_600_000, idempotencyKey };
    const first = await client.revoke([item], terms);
    assert.deepEqual(await client.revoke([item], terms), first);
    const refused = { name: "ProxyError", code: "idempotency_key_reused", status: 409, effect: "none", idempotencyKey };
    await assert.rejects(client.revoke([{ ...item, message: other }], terms), refused);

    const again = await client.revoke([item], { notBefore: terms.notBefore });
    assert.deepEqual([again.already, again.results[0].wish], [1, first.results[0].wish]);
});

test("any number is registered, with class and text, and again it is the same facts", LIMIT, async () => {
    const keys = Array.from({ length: 2_500 }, newKey);
    const message = { source: "otp", phone: `+${OFFLINE}`, sentAt: Date.now(), ttl: 600_000, class: "otp", fallbackText: "1234" };
    const all = () => keys.map((key) => ({ ...message, id: key.slice(7) }));
    const bad = { ...message, id: newKey().slice(7), class: "weekly" };
    for (let time = 0; time < 2; time += 1) {
        const report = await client.registerMany([...all(), bad]);
        assert.deepEqual([report.kept, report.refused], [2_500, 1]);
        const [{ line, code, detail }] = report.problems;
        assert.deepEqual([line, code], [2_501, "unknown_class"]);
        assert.match(detail, /`otp`/);
    }
    assert.equal((await client.message(keys.at(-1))).class, "otp");
});

test("a ledger is imported, and again it is the same facts", async () => {
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    const rows = [`${one},+${OFFLINE},2026-11-26T08:00:00Z`, `${two},,`, `${one},,`, "nonsense,,"];
    const ledger = ["id,phone,sent_at", ...rows, ""].join("\n");
    const report = await client.importMessages(ledger, { source: "otp" });
    assert.deepEqual([report.kept, report.duplicates, report.refused], [2, 1, 1]);
    assert.deepEqual([report.problems[0].line, report.problems[0].column], [5, 1]);
    assert.ok(report.problems[0].code && report.problems[0].detail);
    const before = await client.message(`vonage:${one}`);
    assert.equal(before.sentAt, Date.parse("2026-11-26T08:00:00Z"));

    assert.deepEqual(await client.importMessages(new TextEncoder().encode(ledger), { source: "otp" }), report);
    assert.deepEqual((await client.message(`vonage:${one}`)).timeline, before.timeline);
    const unknown = { code: "unknown_source", path: "source", status: 422, effect: "none" };
    await assert.rejects(client.importMessages(ledger, { source: "nobody" }), unknown);
});

test("a planned revocation is withdrawn, by its message and by its wish", async () => {
    const notBefore = new Date(Date.now() + 3_600_000);
    const [one, two] = [newKey(), newKey()].map((message) => ({ message, source: "otp" }));
    const { results } = await client.revoke([one, two], { notBefore });
    assert.equal((await client.message(one.message)).openWish, results[0].wish);
    assert.deepEqual(await client.withdraw(one.message), { withdrawn: 1, tooLate: 0, nothingToWithdraw: 0 });
    assert.deepEqual(await client.withdrawWish(results[1].wish), { withdrawn: 1, tooLate: 0, nothingToWithdraw: 0 });
    assert.equal((await client.message(two.message)).outcome.outcome, "withdrawn");
});

test("all pages together hold every message once", async () => {
    const keys = Array.from({ length: 7 }, newKey);
    await client.register(keys.map((key) => ({ id: key.slice(7), source: "otp", sentAt: Date.now() })));
    const seen = [];
    for await (const page of client.pages({ source: "otp", outcome: ["watched", "planned"], limit: 3 })) {
        assert.ok(page.items.length <= 3 && page.counts.watched >= 7);
        seen.push(...page.items.map(({ message }) => message));
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(keys.every((key) => seen.includes(key)));
    assert.equal((await client.messages({ q: keys[0].slice(7), limit: 1 })).items[0].message, keys[0]);
});

test("sources and session come in JavaScript's names", async () => {
    const [{ source, policy, webhookPath }] = await client.sources();
    assert.deepEqual([source.id, source.provider, source.revokeAck], ["otp", "vonage", "accepted"]);
    assert.ok(policy.requestTimeout > 0 && policy.retries.length > 0);
    assert.equal(webhookPath, "/webhooks/vonage/otp");
    const { demo, clockScale, now } = await client.session();
    assert.deepEqual([demo, clockScale], [false, 1]);
    assert.ok(Math.abs(now - Date.now()) < 60_000);
});

test("a problem of the server is an error with its code, status, detail and place", async () => {
    const error = await client.message(newKey()).catch((error) => error);
    assert.ok(error instanceof ProxyError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.status, error.effect], ["ProxyError", "not_found", 404, "none"]);
    // Seconds instead of milliseconds.
    const { refused, results } = await client.register({ id: newKey().slice(7), source: "otp", sentAt: 1_700_000_000 });
    assert.deepEqual([refused, results[0].problem.code, results[0].problem.line], [1, "absurd_time", 0]);
    await assert.rejects(client.messages({ outcome: "cancelled" }), { code: "invalid_query", path: "outcome", status: 422 });
    const late = { message: newKey(), source: "otp", sentAt: "yesterday" };
    await assert.rejects(client.revoke([late]), { code: "invalid_body", path: "items[0].sentAt", status: 422 });
    await assert.rejects(client.revoke("vonage:../x"), { status: 422, effect: "none", detail: /Nothing was done/ });
    const stranger = new Client({ url: server.url, accessKey: "wrong" });
    await assert.rejects(stranger.session(), { code: "access_key_required", status: 401 });
    await assert.rejects(stranger.watch().next(), { code: "access_key_required", status: 401 });
});

test("a watch goes on where it broke when the server is killed and comes back", LIMIT, async () => {
    const [before, between, after] = [newKey(), newKey(), newKey()];
    const plan = (message) => client.revoke({ message, source: "otp" }, { notBefore: Date.now() + 3_600_000 });
    const watch = client.watch();
    const opened = await next(watch, hello);
    assert.equal(opened.isResumed, false);
    await plan(before);
    const seen = await next(watch, about(before));

    await server.kill();
    const pending = watch.next();
    await server.start();
    const resumed = await pending;
    assert.deepEqual([resumed.value.event, resumed.value.isResumed, resumed.value.id], ["hello", true, seen.id]);
    await plan(between);
    await next(watch, about(between));
    await watch.return();

    // Another process would begin there.
    await plan(after);
    const later = client.watch({ lastEventId: seen.id });
    assert.equal((await next(later, hello)).isResumed, true);
    const missed = [];
    await next(later, (event) => {
        if (event.event === "message") missed.push(event.message.message);
        return about(after)(event);
    });
    await later.return();
    assert.ok(missed.includes(between) && !missed.includes(before));
});

test("a command whose answer was lost in a crash is given again, and asks for nothing twice", LIMIT, async () => {
    const message = newKey();
    let answers = 0;
    // The command arrives, the server dies, and its answer never comes.
    const losing = async (url, init) => {
        const answer = await fetch(url, init);
        answers += 1;
        if (answers > 1) return answer;
        await answer.body.cancel();
        await server.kill();
        await server.start();
        throw new TypeError("the connection was lost");
    };
    const shaky = new Client({ url: server.url, accessKey: ACCESS_KEY, fetch: losing });
    const report = await shaky.revoke({ message, source: "otp" }, { notBefore: Date.now() + 3_600_000 });
    assert.deepEqual([answers, report.made, report.already], [2, 1, 0]);
    const { timeline } = await client.message(message);
    assert.equal(timeline.filter(({ title }) => /asked to revoke/.test(title[0])).length, 1);
});

test("an aborted watch throws the signal's reason, also while it waits for a dead server", LIMIT, async (context) => {
    const aborter = new AbortController();
    const watch = client.watch({ signal: aborter.signal });
    await next(watch, hello);
    const pending = watch.next();
    const reason = new Error("the page was left");
    aborter.abort(reason);
    await assert.rejects(pending, reason);
    assert.deepEqual(await watch.next(), { done: true, value: undefined });

    await server.kill();
    context.after(() => server.start());
    const waiting = new AbortController();
    const dead = client.watch({ signal: waiting.signal }).next();
    waiting.abort(reason);
    await assert.rejects(dead, reason);
});
