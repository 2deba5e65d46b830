// Sends through the simulated Vonage API, without any SDK.

import { createPrivateKey, randomUUID, sign } from "node:crypto";

/** Sends a text message by RCS, and returns its id. */
export async function sendText({ hosts, applicationId, privateKey }, to) {
    const now = Math.floor(Date.now() / 1_000);
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { application_id: applicationId, iat: now, exp: now + 300, jti: randomUUID() };
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    const signature = sign("RSA-SHA256", Buffer.from(text), createPrivateKey(privateKey)).toString("base64url");
    const answer = await fetch(`${hosts["vonage.api"]}/v1/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${text}.${signature}`, "content-type": "application/json" },
        body: JSON.stringify({ channel: "rcs", message_type: "text", to, from: "DemoAgent", text: "Your code is 1234", ttl: 600 }),
    });
    const told = await answer.text();
    if (!answer.ok) throw new Error(`sending: ${answer.status} ${told}`);
    return JSON.parse(told).message_uuid;
}
