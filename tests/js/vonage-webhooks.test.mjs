// The simulator's webhooks, put to the verifier of Vonage's own SDK and to the core's: the SDK's looks at the token
// alone, the core's also at the body.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { core } from "./module.mjs";
import { FORGED, ONLINE, startVonage } from "./vonage.mjs";

const require = createRequire(import.meta.url);
const { verifySignature } = createRequire(require.resolve("@vonage/server-sdk"))("@vonage/jwt");

/** Waiting for a status must end, even if it never comes. */
const PATIENT = { timeout: 30_000 };

const REFUSED = { verdict: "refused", why: "signature_wrong" };

let vonage;
let simulator;

before(async () => {
    vonage = await startVonage();
    ({ simulator } = vonage);
});

after(() => vonage?.stop());

/** What the core makes of a call to the webhook. */
function receive({ method, headers, body }, key = simulator.signatureSecret) {
    const secret = { key, account: simulator.apiKey };
    return core.receiveWebhook({ provider: "vonage", secret, method, headers: Object.entries(headers), body });
}

const token = ({ headers }) => headers.authorization.replace(/^Bearer /, "");

test("a signed webhook passes the SDK's verifier and the core's", PATIENT, async () => {
    const id = await vonage.send(ONLINE);
    for (const word of ["submitted", "delivered"]) {
        const call = await vonage.status(id, word);
        assert.equal(verifySignature(token(call), simulator.signatureSecret), true);
        assert.equal(verifySignature(token(call), "another secret"), false);

        const { status, verdict } = receive(call);
        assert.deepEqual([status, verdict.event, verdict.message, verdict.phone], [200, word, id, `+${ONLINE}`]);
        assert.deepEqual(receive(call, "another secret").verdict, REFUSED);
    }
});

test("a forged webhook passes neither", PATIENT, async () => {
    const call = await vonage.status(await vonage.send(FORGED), "delivered");
    assert.equal(verifySignature(token(call), simulator.signatureSecret), false);
    assert.deepEqual(receive(call).verdict, REFUSED);
});

test("a signed webhook with another body passes the SDK's verifier, and not the core's", PATIENT, async () => {
    const call = await vonage.status(await vonage.send(ONLINE), "submitted");
    const swapped = { ...call, body: call.body.replace("submitted", "delivered") };
    assert.equal(verifySignature(token(swapped), simulator.signatureSecret), true);
    assert.deepEqual(receive(swapped).verdict, REFUSED);
});
