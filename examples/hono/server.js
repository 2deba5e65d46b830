// Takes Google's webhooks, the handshake with the client token as well as the signed events.
//
//   GOOGLE_CLIENT_TOKEN=… bun server.js
//
// Deno runs it by `deno serve -A server.js`, and Node by `serve(app)` of `@hono/node-server`.

import { open, readFile } from "node:fs/promises";

import { Hono } from "hono";
import { eventFact, eventMessage, receiveWebhook } from "rcs-revoke";

const { GOOGLE_CLIENT_TOKEN, PORT = "3000", EVENTS_FILE = "events.jsonl" } = process.env;
const events = await open(EVENTS_FILE, "a");
const app = new Hono();

app.post("/webhooks/google", async (context) => {
    const { status, body, verdict } = receiveWebhook("google_rbm", GOOGLE_CLIENT_TOKEN, {
        method: context.req.method,
        headers: context.req.raw.headers,
        // The bytes as they came: `context.req.json()` would lose them.
        body: await context.req.arrayBuffer(),
    });
    if (verdict.verdict === "event") {
        await keep({ message: eventMessage(verdict), fact: eventFact(verdict, Date.now()) });
    } else if (verdict.verdict === "unreadable") {
        await keep({ unreadable: verdict.raw, reason: verdict.reason });
    }
    return new Response(body, { status });
});

app.get("/messages/:message", async (context) => {
    const lines = (await readFile(EVENTS_FILE, "utf8")).split("\n").slice(0, -1);
    const heard = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === context.req.param("message"));
    return context.json(heard.map(({ fact }) => fact));
});

/** Durable when it returns: the provider sends no event again that was answered with success. */
async function keep(event) {
    await events.appendFile(`${JSON.stringify(event)}\n`);
    await events.sync();
}

export default { port: Number(PORT), hostname: "127.0.0.1", fetch: app.fetch };
