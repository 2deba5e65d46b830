// Google's own libraries, unchanged, send and revoke against the simulator, as Google's Node client for RCS does. What
// they hide from their user (repeats, and what a repeat does to the answer) is what the core must not be fooled by.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { failure } from "./failure.mjs";
import { agent, serviceAccount } from "./google-rbm.mjs";
import { core } from "./module.mjs";
import { startReceiver } from "./receiver.mjs";
import { startSimulator } from "./simulator.mjs";

const AGENT = "demo_agent@rbm.goog";
const PHONE = "+447700900001";
const TEXT = { contentMessage: { text: "Your code is 1234" }, messageTrafficType: "AUTHENTICATION", ttl: "600s" };

let simulator;
let auth;
let client;

before(async () => {
    simulator = await startSimulator(`
        [google]
        regions = "404_other"
        behaviour = { delivery = { kind = "never" } }
    `);
    auth = serviceAccount(simulator.serviceAccount, `${simulator.hosts["google.token"]}/token`);
    client = agent(auth, simulator.hosts["google.europe"], AGENT);
});

after(() => simulator?.stop());

/** Sends a text and returns its id. */
async function send(phone = PHONE) {
    const id = randomUUID();
    await client.send(phone, id, TEXT);
    return id;
}

/** Lets every revocation of a message meet a fault, or only the first ones. */
const spoil = (message, fault, count) =>
    simulator.control("POST", "/faults", { route: "google.revoke", message, fault, count });

test("200: a message is sent, waits for its phone and is revoked by one DELETE", async () => {
    const id = randomUUID();
    const sent = await client.send(PHONE, id, TEXT);
    assert.equal(sent.status, 200);
    assert.equal(sent.data.name, `phones/${PHONE}/agentMessages/${id}`);
    assert.equal(Date.parse(sent.data.expireTime) - Date.parse(sent.data.sendTime), 600_000);
    assert.equal((await simulator.truth(id)).fate, "queued");

    const { status, data } = await client.revoke(PHONE, id);
    assert.deepEqual([status, data], [200, {}]);
    assert.equal((await simulator.truth(id)).fate, "revoked");
    assert.deepEqual(await simulator.asked(id), [["removed", 200]]);
});

test("one token serves many calls", async () => {
    const before = await simulator.arrived("google.token");
    const own = serviceAccount(simulator.serviceAccount, `${simulator.hosts["google.token"]}/token`);
    const { revoke } = agent(own, simulator.hosts["google.europe"], AGENT);
    const ids = await Promise.all([send(), send(), send()]);
    await Promise.all(ids.map((id) => revoke(PHONE, id)));
    assert.equal((await simulator.arrived("google.token")) - before, 1);
});

test("sending with an id that is taken is answered as the first time, and nothing is sent", async () => {
    const id = await send();
    const { status } = await client.send("+447700900002", id, TEXT);
    assert.equal(status, 200);
    assert.equal((await simulator.truth(id)).phone, PHONE);
});

test("400: a message that cannot be sent is refused with its reason", async () => {
    const error = await failure(client.send("447700900001", randomUUID(), TEXT));
    assert.deepEqual([error.status, error.message], [400, "Invalid phone number."]);
});

test("404 of a delivered message comes at once: it is not repeated", async () => {
    const phone = "+447700900003";
    await simulator.control("POST", "/behaviour", { phone, behaviour: { delivery: { kind: "online", after_ms: 0 } } });
    const id = await send(phone);
    const error = await failure(client.revoke(phone, id));
    assert.deepEqual([error.status, error.message], [404, "Requested entity was not found."]);
    assert.deepEqual(await simulator.asked(id), [["none", 404]]);
    assert.equal((await simulator.truth(id)).fate, "delivered");

    const body = JSON.stringify(error.response.data);
    const ack = core.readAnswer({ provider: "google_rbm", status: 404, headers: [...error.response.headers], body });
    assert.deepEqual(ack, { ack: "not_found", proper: true });
});

test("404 of an id that was never sent, and of another region, look the same", async () => {
    const before = await simulator.arrived("google.revoke");
    const unknown = await failure(client.revoke(PHONE, randomUUID()));
    const id = await send();
    const elsewhere = await failure(agent(auth, simulator.hosts["google.us"], AGENT).revoke(PHONE, id));
    assert.deepEqual([unknown.status, elsewhere.status], [404, 404]);
    assert.deepEqual(unknown.response.data, elsewhere.response.data);
    assert.equal((await simulator.arrived("google.revoke")) - before, 2);
    assert.equal((await simulator.truth(id)).fate, "queued");
});

test("403: without the agent, as the client calls by default, nothing is revoked", async () => {
    const id = await send();
    const error = await failure(agent(auth, simulator.hosts["google.europe"]).revoke(PHONE, id));
    assert.equal(error.status, 403);
    assert.match(error.message, /looking up the RBM agent/);
    assert.deepEqual(await simulator.asked(id), [["none", 403]]);
    assert.equal((await simulator.truth(id)).fate, "queued");
});

test("401: an access token that is no longer taken is not renewed, and the call fails", async () => {
    const id = await send();
    await spoil(id, { kind: "status", status: 401 }, 1);
    const error = await failure(client.revoke(PHONE, id));
    assert.equal(error.status, 401);
    assert.deepEqual(await simulator.asked(id), [["none", 401]]);
});

test("a key that Google does not know: no DELETE is sent at all", async () => {
    const id = await send();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = { ...simulator.serviceAccount, private_key: privateKey.export({ type: "pkcs8", format: "pem" }) };
    const stranger = serviceAccount(key, `${simulator.hosts["google.token"]}/token`);
    const error = await failure(agent(stranger, simulator.hosts["google.europe"], AGENT).revoke(PHONE, id));
    assert.deepEqual([error.status, error.message], [400, "invalid_grant: Invalid JWT Signature."]);
    assert.deepEqual(await simulator.asked(id), []);
});

describe("what is repeated without a word", { concurrency: true }, () => {
    for (const status of [429, 500, 503]) {
        test(`${status}: four DELETEs for one call, and nothing is revoked`, async () => {
            const id = await send();
            await spoil(id, { kind: "status", status });
            const error = await failure(client.revoke(PHONE, id));
            assert.equal(error.status, status);
            assert.deepEqual(await simulator.asked(id), Array(4).fill(["none", status]));
            assert.equal((await simulator.truth(id)).fate, "queued");
        });
    }

    test("503 once: the call is a success, and nobody learns of the first answer", async () => {
        const id = await send();
        await spoil(id, { kind: "status", status: 503 }, 1);
        assert.equal((await client.revoke(PHONE, id)).status, 200);
        assert.deepEqual(await simulator.asked(id), [["none", 503], ["removed", 200]]);
    });

    test("no connection: three DELETEs for one call", async () => {
        const id = await send();
        await spoil(id, { kind: "reset_before" });
        const error = await failure(client.revoke(PHONE, id));
        assert.deepEqual([error.status, error.code], [undefined, "ECONNRESET"]);
        assert.deepEqual(await simulator.asked(id), Array(3).fill(["none", "reset"]));
    });

    const lost = [
        ["503", { kind: "status", status: 503, after_effect: true }, 503],
        ["a reset", { kind: "reset_after" }, "reset"],
    ];
    for (const [name, fault, heard] of lost) {
        test(`${name} after the effect: the repeat turns a revocation into a 404`, async () => {
            const id = await send();
            await spoil(id, fault, 1);
            const error = await failure(client.revoke(PHONE, id));
            // The 404 that Google's pages call a delivery; the message is off the queue.
            assert.equal(error.status, 404);
            assert.deepEqual(await simulator.asked(id), [["removed", heard], ["none", 404]]);
            assert.equal((await simulator.truth(id)).fate, "revoked");
        });
    }
});

test("the core asks for a revocation as Google's libraries do", async (context) => {
    const host = await startReceiver(200);
    context.after(() => host.stop());
    const id = randomUUID();
    await agent(auth, host.url, AGENT).revoke(PHONE, id);
    const message = `google_rbm:${AGENT}:${id}`;
    const { request } = core.buildRevokeRequest({ message, recipient: PHONE, host: "google.europe" });
    const [{ method, path, headers, body }] = host.calls;
    assert.equal(method, request.method);
    // The number's `+` is `%2B` here, a raw `+` there and in older libraries; both mean it in a path.
    assert.equal(decodeURIComponent(path), decodeURIComponent(request.path));
    assert.equal(body, "");
    assert.equal(headers["content-type"], undefined);
    assert.match(headers.authorization, /^Bearer ya29\./);
    assert.match(headers["x-goog-api-client"], /^gdcl\//);
});
