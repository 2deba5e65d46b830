// Takes Google's webhooks, the handshake with the client token as well as the signed events.
//
//   GOOGLE_CLIENT_TOKEN=… bun server.js
//
// Deno runs it by `deno serve -A server.js`, and Node by `serve(app)` of `@hono/node-server`.

import { open, readFile } from "node:fs/promises";

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { eventFact, eventMessage, receiveWebhook } from "rcs-revoke/webhooks";

const { GOOGLE_CLIENT_TOKEN, PORT = "3000", EVENTS_FILE = "events.jsonl" } = process.env;
const events = await open(EVENTS_FILE, "a");
const app = new Hono();

// Before anything is verified, anybody may be calling.
app.all("/webhooks/google", bodyLimit({ maxSize: 1 << 20 }), async (context) => {
    const { status, body, verdict } = receiveWebhook("google_rbm", GOOGLE_CLIENT_TOKEN, {
        method: context.req.method,
        headers: context.req.raw.headers,
        // The bytes as they came: `context.req.json()` would lose them.
        body: await context.req.arrayBuffer(),
    });
    if (verdict.verdict === "event") {
        await keep({ message: eventMessage(verdict), fact: eventFact(verdict, Date.now()) });
    } else if (verdict.verdict === "consent") {
        // `consentFact` makes it a fact about each message of that agent to that number.
        await keep({ consent: verdict });
    } else if (verdict.verdict === "aside") {
        // About no message of ours, such as a message from a person. It will not come again.
        await keep({ aside: verdict.raw, about: verdict.about });
    } else if (verdict.verdict === "unreadable") {
        await keep({ unreadable: verdict.raw, reason: verdict.reason });
    }
    return new Response(body, { status });
});

// Open to whoever reaches this port: put a check of your own in front before it listens beyond this machine.
app.get("/messages/:message", async (context) => {
    const heard = (await kept()).filter(({ message }) => message === context.req.param("message"));
    return context.json(heard.map(({ fact }) => fact));
});

/** Whether the file may end in the middle of a line: after a crash, and after an event that could not be written. */
let isTorn = true;
let last = Promise.resolve();

/** Durable when it returns: the provider sends no event again that was answered with success. */
function keep(event) {
    // One after another, so that what is left of a failed one is known before the next.
    const done = last.then(() => append(`${JSON.stringify(event)}\n`));
    last = done.catch(() => {});
    return done;
}

async function append(line) {
    const text = isTorn ? `\n${line}` : line;
    isTorn = true;
    await events.appendFile(text);
    await events.sync();
    isTorn = false;
}

/** All that was kept. */
async function kept() {
    // What stands behind the last end of a line is still being written.
    const lines = (await readFile(EVENTS_FILE, "utf8")).split("\n").slice(0, -1);
    return lines.flatMap((line, index) => {
        try {
            return line === "" ? [] : [JSON.parse(line)];
        } catch {
            // A crash cut it short. It was not answered with success, and came again.
            console.warn(`${EVENTS_FILE}, line ${index + 1}: not a whole event, passed over`);
            return [];
        }
    });
}

export default { port: Number(PORT), hostname: "127.0.0.1", fetch: app.fetch };
