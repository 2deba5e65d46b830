// A Cloudflare Worker: what is known of each message lives in a Durable Object of its own, and nothing is lost
// between two events that come at once.
//
//   POST /webhooks/vonage           Vonage's status webhooks
//   GET  /messages/vonage:<uuid>    what became of the message, and why, for whoever has the READ_KEY

import { Revocation, RcsRevokeError, parseId, sentenceText } from "rcs-revoke";
import { eventFact, eventMessage, receiveWebhook } from "rcs-revoke/webhooks";

const SOURCE = { id: "worker", provider: "vonage" };
/** The object that keeps what is about no message that could be told: no key of a message. */
const OTHERS = "others";
const LONGEST_BODY = 1 << 20;

export default {
    async fetch(request, env) {
        const { pathname } = new URL(request.url);
        if (pathname === "/webhooks/vonage") {
            return webhook(request, env);
        }
        if (pathname.startsWith("/messages/") && request.method === "GET") {
            return mayRead(request, env)
                ? messageOf(pathname.slice("/messages/".length), env)
                : new Response("Send the read key: `Authorization: Bearer …`.\n", { status: 401 });
        }
        return new Response("There is nothing here.\n", { status: 404 });
    },
};

async function webhook(request, env) {
    const bytes = await bodyOf(request);
    if (!bytes) return new Response(null, { status: 413 });
    const { status, body, verdict } = receiveWebhook("vonage", env.VONAGE_SIGNATURE_SECRET, {
        method: request.method,
        headers: request.headers,
        body: bytes,
    });
    if (verdict.verdict === "event") {
        await post(eventMessage(verdict), env, eventFact(verdict, Date.now()));
    } else if (verdict.verdict === "sms") {
        // `smsFact` makes it a fact about the message instead of which it was sent: its `reference` tells which.
        await post(OTHERS, env, { sms: verdict });
    } else if (verdict.verdict === "aside") {
        // About no message of ours, such as one from a person.
        await post(OTHERS, env, { aside: verdict.raw, about: verdict.about });
    } else if (verdict.verdict === "unreadable") {
        // Verified, but not understood: a later version may. It is answered with success, so it will not come again.
        await post(OTHERS, env, { unreadable: verdict.raw, reason: verdict.reason });
    }
    return new Response(body, { status });
}

/** The bytes as they came; none if they are too many: before anything is verified, anybody may be calling. */
async function bodyOf(request) {
    const pieces = [];
    let length = 0;
    for await (const piece of request.body ?? []) {
        length += piece.byteLength;
        if (length > LONGEST_BODY) return undefined;
        pieces.push(piece);
    }
    return new Blob(pieces).arrayBuffer();
}

/** Whether a call brings the read key; nobody may read where none is set. */
function mayRead(request, env) {
    if (!env.READ_KEY) return false;
    const [given, expected] = [request.headers.get("authorization") ?? "", `Bearer ${env.READ_KEY}`]
        .map((text) => new TextEncoder().encode(text));
    return given.byteLength === expected.byteLength && crypto.subtle.timingSafeEqual(given, expected);
}

async function messageOf(segment, env) {
    try {
        return await objectOf(parseId("message", decodeURIComponent(segment)), env);
    } catch (error) {
        if (error instanceof RcsRevokeError || error instanceof URIError) {
            return new Response(`${error.message}\n`, { status: 422 });
        }
        throw error;
    }
}

/** Durable when it returns. */
async function post(name, env, value) {
    const { ok, status } = await objectOf(name, env, { method: "POST", body: JSON.stringify(value) });
    if (!ok) throw new Error(`the object of ${name} answered ${status}`);
}

function objectOf(name, env, init) {
    const object = env.MESSAGES.get(env.MESSAGES.idFromName(name));
    return object.fetch(`https://message/${encodeURIComponent(name)}`, init);
}

/** What is known of one message; one such object keeps what is about none. */
export class Message {
    constructor({ storage }) {
        this.storage = storage;
    }

    async fetch(request) {
        const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
        // Before the storage is read: while a body is awaited, another event may come in. From `get` to `put` nothing
        // but the storage is awaited, and so nothing comes between.
        const told = request.method === "POST" ? await request.json() : undefined;
        if (name === OTHERS) {
            await this.storage.put(`${Date.now()} ${crypto.randomUUID()}`, told);
            return new Response(null, { status: 204 });
        }
        const message = parseId("message", name);
        const kept = await this.storage.get("evidence");
        const context = { source: SOURCE };
        const revocation = kept ? Revocation.fromJSON(kept, context) : new Revocation(message, context);
        try {
            if (told) {
                revocation.record(told);
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
