// Revokes one Vonage message, step by step, until nothing more is to be done:
//
//   VONAGE_APPLICATION_ID=… VONAGE_PRIVATE_KEY_FILE=private.key node revoke.js <message id>
//
// With PHONE, CLASS (such as `otp`), SMS_FROM and FALLBACK_TEXT an SMS follows where its class allows one. With
// REVOKE_AT (a date) it is revoked by itself then, unless it was delivered. SENT_AT says when it was sent: now, unless
// given.
//
// What is known of the message stays in `<message id>.json`: started again after a crash, it goes on from there and
// never forgets a request that may have been sent. `<message id>.json.lock` keeps a second run out.

import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import {
    Revocation,
    buildRevokeRequest,
    defaultPolicy,
    messageRef,
    outcomeInfo,
    parseId,
    parseMessageId,
    readFailure,
    readResponse,
    readSmsResponse,
    sentenceText,
    toRequest,
} from "rcs-revoke";

const { VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY_FILE, LAUNCH_COUNTRY, HOSTS_FILE, SETTLE_MS } = process.env;
const { PHONE, CLASS, SMS_FROM, FALLBACK_TEXT, REVOKE_AT, SENT_AT } = process.env;
const [id] = process.argv.slice(2);
if (!id || !VONAGE_APPLICATION_ID || !VONAGE_PRIVATE_KEY_FILE) {
    giveUp("Give a message id, VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY_FILE.");
}

const uuid = parsed(id);
const message = messageRef({ provider: "vonage", id: uuid });
const sms = SMS_FROM && { source: "example", from: SMS_FROM, host: "vonage.eu" };
const source = { id: "example", provider: "vonage", launchCountry: LAUNCH_COUNTRY, sms: sms || undefined };
const policy = defaultPolicy("vonage");
if (SETTLE_MS) policy.settle = Number(SETTLE_MS);
// Other addresses than the documented ones, such as the simulator's `endpoints.json`.
const addresses = HOSTS_FILE ? JSON.parse(readFileSync(HOSTS_FILE, "utf8")) : {};
// By the id as it is read: one message has one file, however its id was typed.
const file = `${uuid}.json`;
const privateKey = createPrivateKey(readFileSync(VONAGE_PRIVATE_KEY_FILE));
await lock(`${file}.lock`);

const revocation = existsSync(file)
    ? Revocation.fromJSON(readFileSync(file, "utf8"), { source, policy })
    : new Revocation(message, { source, policy });
if (PHONE || CLASS || REVOKE_AT) {
    await record({
        fact: "registered",
        by: { kind: "api", id: "example" },
        receivedAt: Date.now(),
        sentAt: SENT_AT ? new Date(SENT_AT) : Date.now(),
        class: CLASS,
        phone: PHONE && parseId("phone", PHONE),
        fallbackText: FALLBACK_TEXT,
        revokeAt: REVOKE_AT && new Date(REVOKE_AT),
    });
}
if (!REVOKE_AT) {
    const then = CLASS ? "fallback" : "nothing";
    await record({ fact: "requested", wish: parseId("wish", "example"), by: "operator", at: Date.now(), then });
}

for (let said = ""; ; ) {
    // Both as of one instant: what is said belongs to what is decided.
    const now = Date.now();
    const { outcome, step, sms } = revocation.assess(now);
    const words = `${outcome.outcome}: ${sentenceText(revocation.explain(now).sentence)}`;
    if (words !== said) console.log(words);
    said = words;
    if (sms !== undefined) {
        // Whatever comes next for the message itself: the two do not wait for each other.
        await sendSms();
    } else if (step.step === "request") {
        await record({ fact: "requested", ...step.requested });
    } else if (step.step === "send") {
        await attempt(step);
    } else if (step.step === "wait_until" && isWorthWaiting(outcome, step)) {
        await sleep(Math.max(0, step.at - Date.now()));
    } else {
        // Done, or nothing but a webhook could still tell more.
        break;
    }
}
if (CLASS) console.log(sentenceText(revocation.fallback().what));

/** While it moves, and until an SMS leaves. */
function isWorthWaiting(outcome, step) {
    return outcomeInfo(outcome.outcome).sureness === "moving" || step.brings === "fallback";
}

function giveUp(why) {
    console.error(`Nothing was sent. ${why}`);
    process.exit(2);
}

function parsed(text) {
    try {
        return parseMessageId("vonage", text);
    } catch (error) {
        return giveUp(error.message);
    }
}

/** Two runs at once would both send, and each would forget what the other did. */
async function lock(name) {
    try {
        await (await open(name, "wx")).close();
    } catch (error) {
        if (error.code !== "EEXIST") throw error;
        giveUp(`Another run for this message goes on, or was killed: if none goes on, delete ${name} and start again.`);
    }
    process.on("exit", () => rmSync(name, { force: true }));
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
}

/** One request: kept before it is sent, and again with its answer. */
async function attempt({ attempt, wish, host }) {
    await record({ fact: "attempted", attempt, wish, host, begunAt: Date.now() });
    const built = buildRevokeRequest({ message, host });
    const ack = await call(built, (response) => readResponse("vonage", response));
    console.log(`  ${host}: ${inWords(ack)}`);
    await record({ fact: "answered", attempt, ...ack, at: Date.now() });
}

/** The SMS that is next: kept before it is sent, so that a crash never sends another. */
async function sendSms() {
    const { fallback, via, ...built } = revocation.smsRequest();
    await record({ fact: "fallback_intended", fallback, request: built.body, at: Date.now() });
    const reading = await call(built, readSmsResponse);
    console.log(`  SMS ${fallback} by ${via}: ${inWords(reading)}`);
    await record({ fact: "fallback_answered", fallback, ...reading, at: Date.now() });
}

/** Sends what was built, and reads the answer or its absence. */
async function call(built, read) {
    const request = toRequest(built, {
        authorization: `Bearer ${token()}`,
        baseUrl: addresses[built.host],
        signal: AbortSignal.timeout(policy.requestTimeout),
    });
    try {
        return await read(await fetch(request));
    } catch (error) {
        return readFailure(whatBroke(error));
    }
}

function inWords({ ack, reason }) {
    return reason ? `${ack} (${reason})` : ack;
}

/** Whether anything can have been sent decides whether it is safe to try again. */
function whatBroke(error) {
    const code = error.cause?.code;
    if (error.name === "TimeoutError") return "timed_out";
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "name_not_resolved";
    if (code === "ECONNREFUSED") return "connection_refused";
    return "broken_after_sending";
}

/** Adds a fact, and keeps all of them on disk before anything else happens. */
async function record(fact) {
    if (!revocation.record(fact)) return;
    const handle = await open(`${file}.new`, "w");
    await handle.writeFile(JSON.stringify(revocation));
    await handle.sync();
    await handle.close();
    await rename(`${file}.new`, file);
    // Not before its folder is on disk, too, does the new name outlive a power cut. Windows knows no such call.
    if (process.platform === "win32") return;
    const folder = await open(".");
    await folder.sync();
    await folder.close();
}

/** A token of the application, as Vonage documents it: a JWT signed by its private key. */
function token() {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { application_id: VONAGE_APPLICATION_ID, iat: now, exp: now + 300, jti: randomUUID() };
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
}
