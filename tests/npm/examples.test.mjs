// Every example, run as its first lines say, with the packed package: against the simulator where it talks to a
// provider, and with the published vectors where a provider talks to it. The one with a page is in browser/.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { startSimulator } from "../js/simulator.mjs";
import { project, output, programOf } from "./kit.mjs";
import { sendText } from "./vonage.mjs";
import { startWorker } from "./workerd.mjs";

const LIMIT = { timeout: 120_000 };
const OFFLINE = "447700900001";
const ONLINE = "447700900002";
const VECTORS = new URL("../vectors/webhooks.json", import.meta.url);

let folder;
let simulator;

before(async () => {
    folder = await project();
    simulator = await startSimulator();
    await simulator.control("POST", "/behaviour", { phone: OFFLINE, behaviour: { delivery: { kind: "never" } } });
});

after(() => simulator?.stop());

/** Starts a program that serves, and waits until it says where. */
async function serve(context, program, args, options, says) {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    context.after(async () => {
        child.kill();
        await ended;
    });
    for await (const line of createInterface({ input: child.stdout })) {
        const found = line.match(says);
        if (found) {
            child.stdout.resume();
            return found[0];
        }
    }
    throw new Error(`it ended before it served (${await ended})`);
}

/** Waits until a value is there. */
async function eventually(look) {
    for (;;) {
        const value = await look();
        if (value !== undefined) return value;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** A webhook call that Vonage would have signed. */
function signedByVonage(body) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
        iat: Math.floor(Date.now() / 1_000),
        iss: "Vonage",
        jti: "0",
        api_key: simulator.apiKey,
        payload_hash: createHash("sha256").update(body).digest("hex"),
    };
    const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    const mark = createHmac("sha256", simulator.signatureSecret).update(text).digest("base64url");
    return { method: "POST", headers: { authorization: `Bearer ${text}.${mark}`, "content-type": "application/json" }, body };
}

test("node: a message is revoked through a wrong region and a refusal to hurry", LIMIT, async () => {
    const id = await sendText(simulator, OFFLINE);
    const fault = { kind: "status", status: 429, retry_after: "1" };
    await simulator.control("POST", "/faults", { route: "vonage.revoke", message: id, count: 1, fault });
    const cwd = await mkdtemp(join(folder, "examples/node/run-"));
    const env = {
        ...process.env,
        VONAGE_APPLICATION_ID: simulator.applicationId,
        VONAGE_PRIVATE_KEY_FILE: join(simulator.folder, "vonage-private-key.pem"),
        HOSTS_FILE: join(simulator.folder, "endpoints.json"),
        SETTLE_MS: "200",
    };
    const text = await output(process.execPath, ["../revoke.js", id], { cwd, env });
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "revoked");
    const lines = text.trimEnd().split("\n");
    const answers = lines.filter((line) => line.startsWith("  ")).map((line) => line.trim());
    assert.equal(answers.filter((line) => line.endsWith("no_effect (throttled)")).length, 1, text);
    assert.ok(answers.some((line) => line.endsWith("not_found")), text);
    assert.equal(answers.at(-1), "vonage.eu: accepted");
    assert.match(lines.at(-1), /^unconfirmed: /);

    // Started again, it knows all that and asks for nothing.
    const again = await output(process.execPath, ["../revoke.js", id], { cwd, env });
    assert.doesNotMatch(again, /^ {2}/m);
    assert.match(again, /^unconfirmed: /);
});

test("express: signed webhooks of the simulator are kept, forged ones refused", LIMIT, async (context) => {
    const file = join(folder, "examples/express/events.jsonl");
    const env = {
        ...process.env,
        VONAGE_SIGNATURE_SECRET: simulator.signatureSecret,
        VONAGE_API_KEY: simulator.apiKey,
        EVENTS_FILE: file,
        PORT: "0",
    };
    const cwd = join(folder, "examples/express");
    const url = await serve(context, process.execPath, ["server.js"], { cwd, env }, /http:\/\/127\.0\.0\.1:[1-9]\d*\/\S+/);
    await simulator.control("PUT", "/webhooks", { vonage: url });
    const id = await sendText(simulator, ONLINE);
    const delivered = await eventually(async () => {
        const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
        const events = lines.map((line) => JSON.parse(line));
        return events.find(({ message, fact }) => message === `vonage:${id}` && fact.event === "delivered");
    });
    assert.equal(delivered.fact.phone, `+${ONLINE}`);

    const strange = '{"channel":"rcs","status":"delivered"}';
    assert.equal((await fetch(url, signedByVonage(strange))).status, 200);
    const kept = (await readFile(file, "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(kept.at(-1), { unreadable: strange, reason: "`message_uuid` is missing" });

    const before = await readFile(file, "utf8");
    const forged = JSON.stringify({ message_uuid: id, status: "rejected", channel: "rcs" });
    for (const body of [forged, ""]) {
        const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
        assert.equal(answer.status, 503);
    }
    assert.equal(await readFile(file, "utf8"), before);
});

test("hono: Google's handshake and signed events, in Bun", LIMIT, async (context) => {
    const bun = programOf("bun", context);
    if (!bun) return;
    const cases = JSON.parse(await readFile(VECTORS, "utf8")).filter(({ input }) => input.provider === "google_rbm");
    const signed = cases.find(({ expected }) => expected.verdict.verdict === "event");
    const token = signed.input.secret.key;
    const file = join(folder, "examples/hono/events.jsonl");
    const env = { ...process.env, GOOGLE_CLIENT_TOKEN: token, EVENTS_FILE: file, PORT: "0" };
    const cwd = join(folder, "examples/hono");
    const told = await serve(context, bun, ["server.js"], { cwd, env }, /http:\/\/[^\s/]+:[1-9]\d*/);
    const origin = `http://127.0.0.1:${new URL(told).port}`;
    const call = ({ headers, body }) =>
        fetch(`${origin}/webhooks/google`, { method: "POST", headers: [...headers, ["content-type", "application/json"]], body });

    const answer = await call(signed.input);
    assert.equal(answer.status, 200);
    const { message, agent } = signed.expected.verdict;
    const heard = () => fetch(`${origin}/messages/google_rbm:${agent}:${message}`).then((answer) => answer.json());
    const [fact] = await heard();
    assert.deepEqual([fact.fact, fact.event], ["event", signed.expected.verdict.event]);

    assert.equal((await call({ ...signed.input, body: `${signed.input.body} ` })).status, 200, "only the data is signed");
    const forged = JSON.parse(signed.input.body);
    forged.message.data = Buffer.from(Buffer.from(forged.message.data, "base64").toString().replace(message, "another")).toString("base64");
    assert.equal((await call({ ...signed.input, body: JSON.stringify(forged) })).status, 401);

    const strange = cases.find(({ expected, input }) => expected.verdict.verdict === "unreadable" && input.secret.key === token);
    assert.equal((await call(strange.input)).status, 200);
    const { raw, reason } = strange.expected.verdict;
    const kept = (await readFile(file, "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(kept.at(-1), { unreadable: raw, reason });

    const secret = "0123456789";
    const handshake = await call({ headers: [], body: JSON.stringify({ clientToken: token, secret }) });
    assert.deepEqual([handshake.status, await handshake.text()], [200, secret]);
});

test("worker: what the webhooks say of a message, asked of its Durable Object", LIMIT, async (context) => {
    const workerd = programOf("workerd", context);
    if (!workerd) return;
    const { origin, stop } = await startWorker(workerd, {
        folder: join(folder, "examples/worker"),
        entry: "worker.js",
        wasm: join(folder, "node_modules/rcs-revoke/rcs_revoke.wasm"),
        settings: `
    bindings = [
        (name = "VONAGE_SIGNATURE_SECRET", text = "${simulator.signatureSecret}"),
        (name = "MESSAGES", durableObjectNamespace = "Message"),
    ],
    durableObjectNamespaces = [(className = "Message", uniqueKey = "messages")],
    durableObjectStorage = (inMemory = void),`,
    });
    context.after(stop);
    await simulator.control("PUT", "/webhooks", { vonage: `${origin}/webhooks/vonage` });
    const id = await sendText(simulator, ONLINE);
    const known = await eventually(async () => {
        const answer = await (await fetch(`${origin}/messages/vonage:${id}`)).json();
        return answer.outcome.outcome === "delivered" ? answer : undefined;
    });
    assert.equal(known.message, `vonage:${id}`);
    assert.ok(known.why.length > 0);
    assert.equal((await fetch(`${origin}/messages/nonsense`)).status, 422);
    const unreadable = signedByVonage('{"channel":"rcs","status":"delivered"}');
    assert.equal((await fetch(`${origin}/webhooks/vonage`, unreadable)).status, 200);
    const forged = { method: "POST", headers: { authorization: "Bearer x.y.z" }, body: "{}" };
    assert.equal((await fetch(`${origin}/webhooks/vonage`, forged)).status, 503);
});
