// Vonage's own SDK, unchanged, sends, revokes and receives against the simulator: what holds for it there is what
// people who use it can rely on, and the core speaks the same wire. It makes one request for each call, whatever comes.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { failure } from "./failure.mjs";
import { core } from "./module.mjs";
import { startReceiver } from "./receiver.mjs";
import { OFFLINE, ONLINE, startVonage } from "./vonage.mjs";

/** Waiting for a status must end, even if it never comes. */
const PATIENT = { timeout: 30_000 };

let vonage;
let simulator;

before(async () => {
    vonage = await startVonage();
    ({ simulator } = vonage);
});

after(() => vonage?.stop());

test("202: a message that waits for its phone is revoked by one PATCH", async () => {
    const id = await vonage.send(OFFLINE);
    assert.equal(await vonage.fate(id), "queued");
    assert.equal(await vonage.messages("vonage.eu").updateMessage(id, "revoked"), true);
    assert.equal(await vonage.fate(id), "revoked");
    assert.deepEqual(await simulator.asked(id), [["removed", 202]]);
});

test("202 of a message that was delivered before: a success to the SDK, and nothing was revoked", PATIENT, async () => {
    const id = await vonage.send(ONLINE);
    await vonage.status(id, "delivered");
    assert.equal(await vonage.messages("vonage.eu").updateMessage(id, "revoked"), true);
    assert.deepEqual(await simulator.asked(id), [["none", 202]]);
    assert.equal(await vonage.fate(id), "delivered");
});

test("the SMS that stands in for a revoked message is sent by the same SDK", PATIENT, async () => {
    const id = await vonage.sendSms(ONLINE);
    const { body } = await vonage.status(id, "delivered");
    const { channel, client_ref, usage } = JSON.parse(body);
    assert.deepEqual([channel, client_ref, usage.currency], ["sms", "demo-1", "EUR"]);
});

test("422: an SMS cannot be revoked, and a message of yesterday no more", async () => {
    const sms = await vonage.sendSms(OFFLINE);
    const { id: old } = await simulator.control("POST", "/messages", {
        provider: "vonage",
        phone: `+${OFFLINE}`,
        sent_at_ms: Date.now() - 25 * 3_600_000,
        ttl_s: 259_200,
    });
    for (const id of [sms, old]) {
        const error = await failure(vonage.messages("vonage.eu").updateMessage(id, "revoked"));
        assert.equal(error.response.status, 422);
        assert.equal((await error.response.json()).title, "Operation not supported");
        assert.deepEqual(await simulator.asked(id), [["none", 422]]);
        assert.equal(await vonage.fate(id), "queued");
    }
});

test("404: another region does not know the message, and the core asks the next one", async () => {
    const id = await vonage.send(OFFLINE);
    const error = await failure(vonage.messages("vonage.us").updateMessage(id, "revoked"));
    assert.equal(error.response.status, 404);
    assert.equal(await vonage.fate(id), "queued");

    const source = { id: "demo", provider: "vonage" };
    const { candidates } = core.routeRegion({ source });
    assert.ok(candidates.includes("vonage.us") && candidates.includes("vonage.eu"));
    const ack = core.readAnswer({ provider: "vonage", status: 404, headers: [], body: await error.response.text() });
    assert.deepEqual(ack, { ack: "not_found", proper: true });
    assert.equal(await vonage.messages("vonage.eu").updateMessage(id, "revoked"), true);
    assert.deepEqual(await simulator.asked(id), [["none", 404], ["removed", 202]]);
});

test("404: the host that the SDK uses by itself does not revoke", async () => {
    const id = await vonage.send(OFFLINE);
    const error = await failure(vonage.messages("vonage.api").updateMessage(id, "revoked"));
    assert.equal(error.response.status, 404);
    assert.equal(await vonage.fate(id), "queued");
});

test("404 of an id that was never sent is told in the same words as a wrong region", async () => {
    const before = await simulator.arrived("vonage.revoke");
    const [unknown, sent] = [randomUUID(), await vonage.send(OFFLINE)];
    const words = async (host, id) => {
        const error = await failure(vonage.messages(host).updateMessage(id, "revoked"));
        assert.equal(error.response.status, 404);
        return (await error.response.text()).replace(id, "");
    };
    assert.equal(await words("vonage.eu", unknown), await words("vonage.ap", sent));
    assert.equal((await simulator.arrived("vonage.revoke")) - before, 2);
});

test("401: a key of another application, and an account without one", async () => {
    const id = await vonage.send(OFFLINE);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { apiKey, apiSecret } = simulator;
    const strangers = [
        { privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) },
        { applicationId: randomUUID() },
        // The SDK then authenticates by Basic, which Vonage documents for sending only.
        { apiKey, apiSecret, applicationId: undefined, privateKey: undefined },
    ];
    for (const credentials of strangers) {
        const error = await failure(vonage.messages("vonage.eu", credentials).updateMessage(id, "revoked"));
        assert.equal(error.response.status, 401);
        assert.match((await error.response.json()).title, /correct credentials/);
    }
    assert.deepEqual(await simulator.asked(id), Array(3).fill(["none", 401]));
    assert.equal(await vonage.fate(id), "queued");
});

test("429: the SDK gives up at once, nothing happened, and the core says how long to wait", async () => {
    const id = await vonage.send(OFFLINE);
    await vonage.spoil(id, { kind: "status", status: 429, retry_after: "15" });
    const error = await failure(vonage.messages("vonage.eu").updateMessage(id, "revoked"));
    assert.equal(error.response.status, 429);
    assert.deepEqual(await simulator.asked(id), [["none", 429]]);

    const headers = [...error.response.headers];
    const ack = core.readAnswer({ provider: "vonage", status: 429, headers, body: await error.response.text() });
    assert.deepEqual(ack, { ack: "no_effect", reason: "throttled", retry_after: 15_000 });
    assert.equal(await vonage.messages("vonage.eu").updateMessage(id, "revoked"), true);
});

for (const after_effect of [false, true]) {
    const when = after_effect ? "after" : "without";
    test(`500 ${when} the effect: one PATCH, and the core takes neither for granted`, async () => {
        const id = await vonage.send(OFFLINE);
        await vonage.spoil(id, { kind: "status", status: 500, after_effect });
        const error = await failure(vonage.messages("vonage.eu").updateMessage(id, "revoked"));
        assert.equal(error.response.status, 500);
        assert.deepEqual(await simulator.asked(id), [[after_effect ? "removed" : "none", 500]]);
        assert.equal(await vonage.fate(id), after_effect ? "revoked" : "queued");
        const answer = { provider: "vonage", status: 500, headers: [], body: await error.response.text() };
        assert.deepEqual(core.readAnswer(answer), { ack: "unknown" });
    });
}

test("a connection that is lost after the effect: an error without an answer, and the message is gone", async () => {
    const id = await vonage.send(OFFLINE);
    await vonage.spoil(id, { kind: "reset_after" });
    const error = await failure(vonage.messages("vonage.eu").updateMessage(id, "revoked"));
    assert.deepEqual([error.message, error.response], ["fetch failed", undefined]);
    assert.deepEqual(await simulator.asked(id), [["removed", "reset"]]);
    assert.equal(await vonage.fate(id), "revoked");
});

test("202 with a body that is no JSON: the SDK reports an error for a message that is gone", async () => {
    const id = await vonage.send(OFFLINE);
    await vonage.spoil(id, { kind: "status", status: 202, body: "{", after_effect: true });
    const error = await failure(vonage.messages("vonage.eu").updateMessage(id, "revoked"));
    assert.deepEqual([error.message, error.response.status], ["Failed to decode response body", 202]);
    assert.equal(await vonage.fate(id), "revoked");
    assert.deepEqual(core.readAnswer({ provider: "vonage", status: 202, headers: [], body: "{" }), { ack: "accepted" });
});

test("the core asks for a revocation exactly as the SDK does", async (context) => {
    const message = randomUUID();
    const host = await startReceiver(202);
    context.after(() => host.stop());
    await vonage.messages(host.url).updateMessage(message, "revoked");
    const { request } = core.buildRevokeRequest({ message: `vonage:${message}`, host: "vonage.eu" });
    const [{ method, path, headers, body }] = host.calls;
    assert.deepEqual({ method, path }, { method: request.method, path: request.path });
    assert.deepEqual(JSON.parse(body), JSON.parse(request.body));
    assert.match(headers["content-type"], /^application\/json\b/);
    assert.match(headers.authorization, /^Bearer /);
});
