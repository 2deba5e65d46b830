// Vonage's own SDK, unchanged, sends, revokes and receives against the simulator: what holds for it there is what
// people who use it can rely on, and the core speaks the same wire.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { Vonage } from "@vonage/server-sdk";

import { core } from "./module.mjs";
import { startReceiver } from "./receiver.mjs";
import { startSimulator } from "./simulator.mjs";

const require = createRequire(import.meta.url);
const { verifySignature } = createRequire(require.resolve("@vonage/server-sdk"))("@vonage/jwt");

const OFFLINE = "447700900001";
const ONLINE = "447700900002";

let simulator;
let webhooks;

before(async () => {
    [simulator, webhooks] = await Promise.all([startSimulator("--seed", "7"), startReceiver(200)]);
    await simulator.control("PUT", "/webhooks", { vonage: `${webhooks.url}/status` });
    await simulator.control("POST", "/behaviour", { phone: OFFLINE, behaviour: { delivery: { kind: "never" } } });
});

after(async () => {
    await simulator?.stop();
    await webhooks?.stop();
});

/** The SDK, talking to one of the simulated hosts. */
function client(host) {
    const { applicationId, privateKey } = simulator;
    return new Vonage({ applicationId, privateKey }, { apiHost: host });
}

/** Sends a text to a number and returns its id. */
async function send(to) {
    const text = { channel: "rcs", messageType: "text", to, from: "DemoAgent", text: "Your code is 1234", ttl: 600 };
    const { messageUUID } = await client(simulator.hosts["vonage.api"]).messages.send(text);
    return messageUUID;
}

test("202: a message that waits for its phone is revoked", async () => {
    const id = await send(OFFLINE);
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "queued");
    assert.equal(await client(simulator.hosts["vonage.eu"]).messages.updateMessage(id, "revoked"), true);
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "revoked");
});

test("404: another region does not know the message, and the core asks the next one", async () => {
    const id = await send(OFFLINE);
    const error = await failure(client(simulator.hosts["vonage.us"]).messages.updateMessage(id, "revoked"));
    assert.equal(error.response.status, 404);
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "queued");

    const source = { id: "demo", provider: "vonage" };
    const { candidates } = core.routeRegion({ source });
    assert.ok(candidates.includes("vonage.us") && candidates.includes("vonage.eu"));
    const ack = core.readAnswer({ provider: "vonage", status: 404, headers: [], body: await error.response.text() });
    assert.deepEqual(ack, { ack: "not_found", proper: true });
    assert.equal(await client(simulator.hosts["vonage.eu"]).messages.updateMessage(id, "revoked"), true);
});

test("429: the SDK gives up at once, nothing happened, and the core says how long to wait", async () => {
    const id = await send(OFFLINE);
    const fault = { kind: "status", status: 429, retry_after: "15" };
    await simulator.control("POST", "/faults", { route: "vonage.revoke", message: id, count: 1, fault });
    const { messages } = client(simulator.hosts["vonage.eu"]);
    const error = await failure(messages.updateMessage(id, "revoked"));
    assert.equal(error.response.status, 429);
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "queued");

    const headers = [...error.response.headers];
    const ack = core.readAnswer({ provider: "vonage", status: 429, headers, body: await error.response.text() });
    assert.deepEqual(ack, { ack: "no_effect", reason: "throttled", retry_after: 15_000 });
    assert.equal(await messages.updateMessage(id, "revoked"), true);
});

test("the core asks for a revocation exactly as the SDK does", async (context) => {
    const message = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
    const host = await startReceiver(202);
    context.after(() => host.stop());
    await client(host.url).messages.updateMessage(message, "revoked");
    const { request } = core.buildRevokeRequest({ message: `vonage:${message}`, host: "vonage.eu" });
    const [{ method, path, headers, body }] = host.calls;
    assert.deepEqual({ method, path }, { method: request.method, path: request.path });
    assert.deepEqual(JSON.parse(body), JSON.parse(request.body));
    assert.match(headers["content-type"], /^application\/json\b/);
    assert.match(headers.authorization, /^Bearer /);
});

test("a signed webhook passes the SDK's verifier and the core's", { timeout: 30_000 }, async () => {
    const id = await send(ONLINE);
    const call = await webhooks.received(({ body }) => {
        const { message_uuid, status } = JSON.parse(body);
        return message_uuid === id && status === "delivered";
    });
    const token = call.headers.authorization.replace(/^Bearer /, "");
    assert.equal(verifySignature(token, simulator.signatureSecret), true);
    assert.equal(verifySignature(token, "another secret"), false);

    const received = (key) =>
        core.receiveWebhook({
            provider: "vonage",
            secret: { key, account: simulator.apiKey },
            method: call.method,
            headers: Object.entries(call.headers),
            body: call.body,
        });
    const { status, verdict } = received(simulator.signatureSecret);
    assert.deepEqual([status, verdict.event, verdict.message, verdict.phone], [200, "delivered", id, `+${ONLINE}`]);
    assert.deepEqual(received("another secret").verdict, { verdict: "refused", why: "signature_wrong" });
});

/** The error that a promise must end with. */
async function failure(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return assert.fail("the SDK took a refusal for a success");
}
