// Takes Google's webhooks, the handshake with the client token as well as the signed events.
//
//   GOOGLE_CLIENT_TOKEN=… bun server.js
//
// Deno runs it by `deno serve -A server.js`, and Node by `serve(app)` of `@hono/node-server`.

import { Hono } from "hono";
import { eventFact, eventMessage, receiveWebhook } from "rcs-revoke";

const { GOOGLE_CLIENT_TOKEN, PORT = "3000" } = process.env;
/** What was heard, by message. Keep it where it survives a restart. */
const heard = new Map();
const app = new Hono();

app.post("/webhooks/google", async (context) => {
    const { status, body, verdict } = receiveWebhook("google_rbm", GOOGLE_CLIENT_TOKEN, {
        method: context.req.method,
        headers: context.req.raw.headers,
        // The bytes as they came: `context.req.json()` would lose them.
        body: await context.req.arrayBuffer(),
    });
    if (verdict.verdict === "event") {
        const message = eventMessage(verdict);
        heard.set(message, [...(heard.get(message) ?? []), eventFact(verdict, Date.now())]);
    }
    return new Response(body, { status });
});

app.get("/messages/:message", (context) => context.json(heard.get(context.req.param("message")) ?? []));

export default { port: Number(PORT), hostname: "127.0.0.1", fetch: app.fetch };
