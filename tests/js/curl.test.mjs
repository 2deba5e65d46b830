// curl, with the commands of the providers' pages: what an operator has at hand at night.
//
// <https://developers.google.com/business-communications/rcs-business-messaging/guides/build/messages/revoke>
// <https://developer.vonage.com/en/messages/code-snippets/rcs/revoke-message>

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID, sign } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { startSimulator } from "./simulator.mjs";

const require = createRequire(import.meta.url);
const { tokenGenerate } = createRequire(require.resolve("@vonage/server-sdk"))("@vonage/jwt");

const PHONE = "447700900001";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let simulator;

before(async () => {
    simulator = await startSimulator(`
        [phones.${PHONE}]
        delivery = { kind = "never" }
    `);
});

after(() => simulator?.stop());

/** Runs curl and gives the status and the body. `-q` first: no settings of the person who runs the tests. */
async function curl(...options) {
    const shown = ["-q", "--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}"];
    const { stdout } = await promisify(execFile)("curl", [...shown, ...options]);
    const end = stdout.lastIndexOf("\n");
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

/** An access token, asked for with the key file as Google's page on service accounts describes it. */
async function googleToken() {
    const { client_email: iss, private_key: key, token_uri: aud } = simulator.serviceAccount;
    const iat = Math.floor(Date.now() / 1000);
    const scope = "https://www.googleapis.com/auth/rcsbusinessmessaging";
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss, scope, aud, iat, exp: iat + 3600 })}`;
    const assertion = `${signed}.${sign("RSA-SHA256", signed, key).toString("base64url")}`;
    const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    const form = ["--data-urlencode", `grant_type=${grant}`, "--data-urlencode", `assertion=${assertion}`];
    const { status, body } = await curl(...form, aud);
    assert.equal(status, 200, body);
    return JSON.parse(body).access_token;
}

const googleHeaders = (token) => [
    ...["-H", "Content-Type: application/json"],
    ...["-H", "User-Agent: curl/rcs-business-messaging"],
    ...["-H", `Authorization: Bearer ${token}`],
];

/** The command of Google's page that revokes a message. */
const googleRevoke = (token, host, id, query) =>
    curl("-X", "DELETE", `${host}/v1/phones/+${PHONE}/agentMessages/${id}${query}`, ...googleHeaders(token));

test("Google: a message is sent and revoked, and a second time it is not found", async () => {
    const [token, host, id] = [await googleToken(), simulator.hosts["google.europe"], randomUUID()];
    const address = `${host}/v1/phones/+${PHONE}/agentMessages?messageId=${id}&agentId=demo_agent`;
    const text = `{
        "contentMessage": {
            "text": "Hello, world!"
        },
        "messageTrafficType": "PROMOTION"
    }`;
    const sent = await curl("-X", "POST", address, ...googleHeaders(token), "-d", text);
    assert.equal(sent.status, 200);
    assert.equal(JSON.parse(sent.body).name, `phones/+${PHONE}/agentMessages/${id}`);

    assert.equal((await googleRevoke(token, host, id, "")).status, 403);
    assert.equal((await simulator.truth(id)).fate, "queued");
    assert.deepEqual(await googleRevoke(token, host, id, "?agentId=demo_agent"), { status: 200, body: "{}" });
    assert.equal((await simulator.truth(id)).fate, "revoked");

    const again = await googleRevoke(token, host, id, "?agentId=demo_agent@rbm.goog");
    assert.deepEqual([again.status, JSON.parse(again.body).error.status], [404, "NOT_FOUND"]);
    assert.deepEqual(await simulator.asked(id), [["none", 403], ["removed", 200], ["none", 404]]);
});

test("Google: without a token that it has given out nothing is done", async () => {
    const host = simulator.hosts["google.global"];
    const refused = await googleRevoke("ya29.EXAMPLE", host, randomUUID(), "?agentId=demo_agent");
    assert.deepEqual([refused.status, JSON.parse(refused.body).error.status], [401, "UNAUTHENTICATED"]);
});

const vonageHeaders = ["-H", "Content-Type: application/json", "-H", "Accept: application/json"];

/** The command of Vonage's page that sends a message, with the application's token or the account's key and secret. */
const vonageSend = (authentication, message) => {
    const address = `${simulator.hosts["vonage.api"]}/v1/messages`;
    return curl("-X", "POST", address, ...authentication, ...vonageHeaders, "-d", JSON.stringify(message));
};

test("Vonage: a message is sent and revoked, in its own region only", async () => {
    const bearer = ["-H", `Authorization: Bearer ${tokenGenerate(simulator.applicationId, simulator.privateKey)}`];
    const message = { channel: "rcs", message_type: "text", to: PHONE, from: "DemoAgent", text: "Hello, world!" };
    const sent = await vonageSend(bearer, message);
    assert.equal(sent.status, 202);
    const { message_uuid: id } = JSON.parse(sent.body);
    assert.match(id, UUID);

    const revoke = (host, authentication) => {
        const address = `${simulator.hosts[host]}/v1/messages/${id}`;
        return curl("-X", "PATCH", address, ...authentication, ...vonageHeaders, "-d", '{"status": "revoked"}');
    };
    assert.equal((await revoke("vonage.ap", bearer)).status, 404);
    assert.equal((await revoke("vonage.eu", ["-u", `${simulator.apiKey}:${simulator.apiSecret}`])).status, 401);
    assert.equal((await simulator.truth(id)).fate, "queued");
    assert.deepEqual(await revoke("vonage.eu", bearer), { status: 202, body: "" });
    assert.equal((await simulator.truth(id)).fate, "revoked");
    assert.deepEqual(await simulator.asked(id), [["none", 404], ["none", 401], ["removed", 202]]);
});

test("Vonage: the account's key and secret are enough to send an SMS", async () => {
    const account = ["-u", `${simulator.apiKey}:${simulator.apiSecret}`];
    const message = { channel: "sms", message_type: "text", to: PHONE, from: "Demo", text: "Hello, world!" };
    const { status, body } = await vonageSend(account, message);
    assert.equal(status, 202);
    assert.equal((await simulator.truth(JSON.parse(body).message_uuid)).channel, "sms");
});
