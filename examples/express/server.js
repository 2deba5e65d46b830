// Takes Vonage's status webhooks: verifies them from the raw bytes, keeps what they say, and only then answers.
//
//   VONAGE_SIGNATURE_SECRET=… VONAGE_API_KEY=… node server.js
//
// Each line of `events.jsonl` is an event. What a crash or a full disk left of a line was not answered with success,
// and comes again: whoever reads the file passes over lines that are empty or no JSON.

import { open } from "node:fs/promises";

import express from "express";
import { eventFact, eventMessage, receiveWebhook } from "rcs-revoke/webhooks";

const { VONAGE_SIGNATURE_SECRET, VONAGE_API_KEY, PORT = "3000", EVENTS_FILE = "events.jsonl" } = process.env;
const secret = VONAGE_SIGNATURE_SECRET && { key: VONAGE_SIGNATURE_SECRET, account: VONAGE_API_KEY };
const events = await open(EVENTS_FILE, "a");
const app = express();

// Raw: a body that was parsed and written anew no longer fits its signature. No `express.json()` before this route.
app.all("/webhooks/vonage", express.raw({ type: () => true, limit: "1mb" }), async (request, response) => {
    const { status, body, verdict } = receiveWebhook("vonage", secret, {
        method: request.method,
        headers: request.headers,
        body: request.body ?? "",
    });
    if (verdict.verdict === "event") {
        await keep({ message: eventMessage(verdict), fact: eventFact(verdict, Date.now()) });
    } else if (verdict.verdict === "sms") {
        // `smsFact` makes it a fact about the message instead of which it was sent: its `reference` tells which.
        await keep({ sms: verdict });
    } else if (verdict.verdict === "aside") {
        // About no message of ours, such as one from a person.
        await keep({ aside: verdict.raw, about: verdict.about });
    } else if (verdict.verdict === "unreadable") {
        // Verified, but not understood: a later version may. It is answered with success, so it will not come again.
        await keep({ unreadable: verdict.raw, reason: verdict.reason });
    } else if (verdict.verdict === "refused") {
        console.warn(`refused a call: ${verdict.why}`);
    }
    response.status(status).send(body);
});

/** Whether the file may end in the middle of a line: after a crash, and after an event that could not be written. */
let isTorn = true;
let last = Promise.resolve();

/** Durable when it returns: the provider sends no event again that was answered with success. */
function keep(event) {
    // One after another, so that what is left of a failed one is known before the next.
    const kept = last.then(() => append(`${JSON.stringify(event)}\n`));
    last = kept.catch(() => {});
    return kept;
}

async function append(line) {
    const text = isTorn ? `\n${line}` : line;
    isTorn = true;
    await events.appendFile(text);
    await events.sync();
    isTorn = false;
}

const server = app.listen(Number(PORT), "127.0.0.1", () => {
    console.log(`Listening on http://127.0.0.1:${server.address().port}/webhooks/vonage`);
});
