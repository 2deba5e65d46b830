// A Cloudflare Worker: what is known of each message lives in a Durable Object of its own, and nothing is lost
// between two events that come at once.
//
//   POST /webhooks/vonage           Vonage's status webhooks
//   GET  /messages/vonage:<uuid>    what became of the message, and why

import { Revocation, RcsRevokeError, eventFact, eventMessage, parseId, receiveWebhook, sentenceText } from "rcs-revoke";

const SOURCE = { id: "worker", provider: "vonage" };
/** The object that keeps what no message could be told of: no key of a message. */
const UNREADABLE = "unreadable";

export default {
    async fetch(request, env) {
        const { pathname } = new URL(request.url);
        if (pathname === "/webhooks/vonage") {
            return webhook(request, env);
        }
        if (pathname.startsWith("/messages/") && request.method === "GET") {
            return messageOf(decodeURIComponent(pathname.slice("/messages/".length)), env);
        }
        return new Response("There is nothing here.\n", { status: 404 });
    },
};

async function webhook(request, env) {
    const { status, body, verdict } = receiveWebhook("vonage", env.VONAGE_SIGNATURE_SECRET, {
        method: request.method,
        headers: request.headers,
        body: await request.arrayBuffer(),
    });
    if (verdict.verdict === "event") {
        await objectOf(eventMessage(verdict), env, { method: "POST", body: JSON.stringify(eventFact(verdict, Date.now())) });
    } else if (verdict.verdict === "unreadable") {
        // Verified, but not understood: a later version may. It is answered with success, so it will not come again.
        await objectOf(UNREADABLE, env, { method: "POST", body: verdict.raw });
    }
    return new Response(body, { status });
}

async function messageOf(text, env) {
    try {
        return await objectOf(parseId("message", text), env);
    } catch (error) {
        if (error instanceof RcsRevokeError) return new Response(`${error.message}\n`, { status: 422 });
        throw error;
    }
}

function objectOf(name, env, init) {
    const object = env.MESSAGES.get(env.MESSAGES.idFromName(name));
    return object.fetch(`https://message/${encodeURIComponent(name)}`, init);
}

/** What is known of one message; one such object keeps what could not be read. */
export class Message {
    constructor({ storage }) {
        this.storage = storage;
    }

    async fetch(request) {
        const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
        if (name === UNREADABLE) {
            await this.storage.put(`${Date.now()} ${crypto.randomUUID()}`, await request.text());
            return new Response(null, { status: 204 });
        }
        const message = parseId("message", name);
        const kept = await this.storage.get("evidence");
        const context = { source: SOURCE };
        const revocation = kept ? Revocation.fromJSON(kept, context) : new Revocation(message, context);
        try {
            if (request.method === "POST") {
                revocation.record(await request.json());
                await this.storage.put("evidence", revocation.toJSON());
                return new Response(null, { status: 204 });
            }
            const { outcome, sentence } = revocation.explain();
            return Response.json({ message, outcome, why: sentenceText(sentence) });
        } finally {
            revocation.free();
        }
    }
}
