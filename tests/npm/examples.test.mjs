// Every example, run as its first lines say, with the packed package: against the simulator where it talks to a
// provider, and with the published vectors where a provider talks to it. The one with a page is in browser/.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { startSimulator } from "../js/simulator.mjs";
import { project, output, programOf } from "./kit.mjs";
import { sendText } from "./vonage.mjs";
import { startWorker } from "./workerd.mjs";

const LIMIT = { timeout: 120_000 };
const OFFLINE = "447700900001";
const ONLINE = "447700900002";
const READ_KEY = "examples-read-key";
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

/** What a file of events holds, line by line; what is no JSON as it stands. */
async function linesOf(file) {
    const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => {
        try {
            return JSON.parse(line);
        } catch {
            return line;
        }
    });
}

/** A body of more than 1 MiB, whose length nobody tells beforehand. */
function tooLong() {
    let left = 17;
    const piece = new Uint8Array(1 << 16).fill(0x20);
    const body = new ReadableStream({ pull: (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close()) });
    return { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" };
}

const SMS = JSON.stringify({ message_uuid: "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab", status: "delivered", channel: "sms" });

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

/** How the example of Node is run in a folder of its own. */
async function revoker() {
    const cwd = await mkdtemp(join(folder, "examples/node/run-"));
    const env = {
        ...process.env,
        VONAGE_APPLICATION_ID: simulator.applicationId,
        VONAGE_PRIVATE_KEY_FILE: join(simulator.folder, "vonage-private-key.pem"),
        HOSTS_FILE: join(simulator.folder, "endpoints.json"),
        SETTLE_MS: "200",
    };
    const revokeAs = (more, id, ...flags) => output(process.execPath, [...flags, "../revoke.js", id], { cwd, env: { ...env, ...more } });
    const revoke = (...call) => revokeAs({}, ...call);
    /** What is kept of a message. */
    const facts = async (id) => JSON.parse(await readFile(join(cwd, `${id}.json`), "utf8")).facts;
    return { cwd, revoke, revokeAs, facts };
}

/** A one-time code, in the example's words. */
const OTP = { PHONE: `+${OFFLINE}`, CLASS: "otp", SMS_FROM: "447700900009", FALLBACK_TEXT: "Your code is 1234" };

test("node: a message is revoked through a wrong region and a refusal to hurry", LIMIT, async () => {
    const id = await sendText(simulator, OFFLINE);
    const fault = { kind: "status", status: 429, retry_after: "1" };
    await simulator.control("POST", "/faults", { route: "vonage.revoke", message: id, count: 1, fault });
    const { cwd, revoke } = await revoker();
    const text = await revoke(id);
    assert.equal((await simulator.control("GET", `/truth/${id}`)).fate, "revoked");
    const lines = text.trimEnd().split("\n");
    const answers = lines.filter((line) => line.startsWith("  ")).map((line) => line.trim());
    assert.equal(answers.filter((line) => line.endsWith("no_effect (throttled)")).length, 1, text);
    assert.ok(answers.some((line) => line.endsWith("not_found")), text);
    assert.equal(answers.at(-1), "vonage.eu: accepted");
    assert.match(lines.at(-1), /^unconfirmed: /);

    // Started again, it knows all that and asks for nothing, however the id is typed.
    for (const again of [await revoke(id), await revoke(id.toUpperCase())]) {
        assert.doesNotMatch(again, /^ {2}/m);
        assert.match(again, /^unconfirmed: /);
    }
    assert.deepEqual(await readdir(cwd), [`${id}.json`]);
});

test("node: a code that is stale on its date is revoked by itself, and one SMS follows", LIMIT, async () => {
    const id = await sendText(simulator, OFFLINE);
    const { revokeAs, facts } = await revoker();
    const otp = { ...OTP, REVOKE_AT: new Date(Date.now() + 1_000).toISOString() };
    const text = await revokeAs(otp, id);
    assert.equal((await simulator.truth(id)).fate, "revoked");
    assert.match(text, /^planned: (?:.*\n)*settling: .*\nunconfirmed: .*\n {2}SMS 1 by example: accepted\n/m);
    assert.match(text, /\nNo SMS leaves by itself: one was sent already\.\n$/);
    const [wish] = (await facts(id)).filter(({ fact }) => fact === "requested");
    assert.deepEqual([wish.by, wish.then], ["class otp", "fallback"]);
    const { provider_id: sms } = (await facts(id)).find(({ fact }) => fact === "fallback_answered");
    const { channel, phone, client_ref: reference } = await simulator.truth(sms);
    const intended = JSON.parse((await facts(id)).find(({ fact }) => fact === "fallback_intended").request);
    assert.deepEqual([channel, phone, reference], ["sms", `+${OFFLINE}`, intended.client_ref]);

    // Started again, it sends no other.
    assert.doesNotMatch(await revokeAs(otp, id), /^ {2}/m);
});

test("node: an SMS that may have been sent is never sent again", LIMIT, async () => {
    const id = await sendText(simulator, OFFLINE);
    const { revokeAs } = await revoker();
    await simulator.control("POST", "/faults", { route: "vonage.send", count: 1, fault: { kind: "status", status: 500 } });
    const sent = await simulator.arrived("vonage.send");
    const text = await revokeAs(OTP, id);
    assert.match(text, /\n {2}SMS 1 by example: unknown\n(?:.*\n)*No SMS leaves by itself: one may have been sent already/);
    assert.doesNotMatch(await revokeAs(OTP, id), /SMS \d/);
    assert.equal(await simulator.arrived("vonage.send"), sent + 1);
});

test("node: two runs never go on at once, and what is no id sends nothing", LIMIT, async () => {
    const id = await sendText(simulator, OFFLINE);
    const { cwd, revoke } = await revoker();
    const lock = join(cwd, `${id}.json.lock`);
    await writeFile(lock, "");
    await assert.rejects(revoke(id), /Nothing was sent\. Another run .* delete [-0-9a-f]+\.json\.lock/);
    assert.ok(existsSync(lock), "it belongs to the other");
    await assert.rejects(revoke("nonsense"), /Nothing was sent\. (?!.*\n {4}at )/s);
    assert.deepEqual((await simulator.truth(id)).revokes, []);
    assert.deepEqual(await readdir(cwd), [`${id}.json.lock`]);
    await rm(lock);
    assert.match(await revoke(id), /accepted/);
});

test("node: each state is on disk with its name before anything else happens", LIMIT, async () => {
    const { cwd, revoke } = await revoker();
    const recorder = `
        import { appendFileSync } from "node:fs";
        import promises from "node:fs/promises";
        import { syncBuiltinESMExports } from "node:module";
        const { open, rename } = promises;
        const { fetch } = globalThis;
        const note = (what) => appendFileSync("order", what + "\\n");
        promises.open = async (path, ...how) => {
            const handle = await open(path, ...how);
            const sync = handle.sync.bind(handle);
            handle.sync = () => sync().then(() => note("sync " + path.replace(/.*[.]json/, "state")));
            return handle;
        };
        promises.rename = (...names) => rename(...names).then(() => note("rename"));
        globalThis.fetch = (...call) => (note("fetch"), fetch(...call));
        syncBuiltinESMExports();`;
    await writeFile(join(cwd, "recorder.mjs"), recorder);
    await revoke(await sendText(simulator, OFFLINE), "--import", "./recorder.mjs");
    const order = (await readFile(join(cwd, "order"), "utf8")).trimEnd();
    const record = "sync state.new\nrename\nsync .";
    const expected = `${record}\n(?:${record}\nfetch\n${record}\n?)+`;
    assert.match(order, new RegExp(`^${expected.replaceAll(".", "\\.")}$`));
});

test("express: signed webhooks of the simulator are kept, forged ones refused", LIMIT, async (context) => {
    const file = join(await mkdtemp(join(folder, "examples/express/run-")), "events.jsonl");
    // What a crash may leave.
    const torn = '{"message":"vonage:';
    await writeFile(file, torn);
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
        const events = await linesOf(file);
        return events.find(({ message, fact }) => message === `vonage:${id}` && fact.event === "delivered");
    });
    assert.equal(delivered.fact.phone, `+${ONLINE}`);
    assert.deepEqual((await linesOf(file)).filter((line) => typeof line === "string"), [torn]);

    assert.equal((await fetch(url, signedByVonage(SMS))).status, 200);
    const { sms } = (await linesOf(file)).at(-1);
    assert.deepEqual([sms.event, sms.raw], ["delivered", SMS]);
    assert.equal((await fetch(url, tooLong())).status, 413);

    const strange = '{"channel":"rcs","status":"delivered"}';
    assert.equal((await fetch(url, signedByVonage(strange))).status, 200);
    assert.deepEqual((await linesOf(file)).at(-1), { unreadable: strange, reason: "`message_uuid` is missing" });

    const before = await readFile(file, "utf8");
    const forged = JSON.stringify({ message_uuid: id, status: "rejected", channel: "rcs" });
    for (const body of [forged, ""]) {
        const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
        assert.equal(answer.status, 503);
    }
    assert.equal(await readFile(file, "utf8"), before);
});

test("express: an event that a full disk cut short takes no other with it", LIMIT, async (context) => {
    const cwd = join(folder, "examples/express");
    const file = join(await mkdtemp(join(cwd, "run-")), "events.jsonl");
    const env = { ...process.env, VONAGE_SIGNATURE_SECRET: simulator.signatureSecret, EVENTS_FILE: file, PORT: "0" };
    // A file of no more than a few KiB stands for the disk.
    const limited = ["-c", `ulimit -f 4 && exec "$0" server.js`, process.execPath];
    const url = await serve(context, "sh", limited, { cwd, env }, /http:\/\/127\.0\.0\.1:[1-9]\d*\/\S+/);
    // Of a length that no limit is a multiple of.
    const call = () => fetch(url, signedByVonage(JSON.stringify({ ...JSON.parse(SMS), pad: "x".repeat(97) })));
    let acknowledged = 0;
    for (; (await call()).ok; acknowledged += 1) assert.ok(acknowledged < 100, "the file has no limit");
    const full = await readFile(file, "utf8");
    const torn = full.slice(full.lastIndexOf("\n") + 1);
    assert.ok(torn.length > 0, "the end is torn");
    assert.equal((await linesOf(file)).length, acknowledged + 1);

    // Somebody makes room.
    await writeFile(file, torn);
    assert.equal((await call()).status, 200);
    assert.equal((await call()).status, 200);
    const [first, ...others] = await linesOf(file);
    assert.equal(first, torn);
    assert.deepEqual(others.map(({ sms }) => sms.event), ["delivered", "delivered"]);
});

test("hono: Google's handshake and signed events, in Bun", LIMIT, async (context) => {
    const bun = programOf("bun", context);
    if (!bun) return;
    const cases = JSON.parse(await readFile(VECTORS, "utf8")).filter(({ input }) => input.provider === "google_rbm");
    const signed = cases.find(({ expected }) => expected.verdict.verdict === "event");
    const token = signed.input.secret.key;
    const file = join(await mkdtemp(join(folder, "examples/hono/run-")), "events.jsonl");
    // What a crash may leave.
    const torn = '{"message":"google_rbm:';
    await writeFile(file, torn);
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
    assert.deepEqual((await linesOf(file)).at(-1), { unreadable: raw, reason });
    const aside = cases.find(({ expected, input }) => expected.verdict.verdict === "aside" && input.secret.key === token);
    assert.equal((await call(aside.input)).status, 200);
    const { raw: spoken, about } = aside.expected.verdict;
    assert.deepEqual((await linesOf(file)).at(-1), { aside: spoken, about });
    const wish = cases.find(({ expected, input }) => expected.verdict.verdict === "consent" && input.secret.key === token);
    assert.equal((await call(wish.input)).status, 200);
    const { consent } = (await linesOf(file)).at(-1);
    assert.deepEqual([consent.subscribed, consent.raw], [wish.expected.verdict.subscribed, wish.expected.verdict.raw]);
    assert.deepEqual((await linesOf(file)).filter((line) => typeof line === "string"), [torn]);
    assert.equal((await heard()).length, 2, "one event, delivered twice");

    const google = `${origin}/webhooks/google`;
    assert.equal((await fetch(google, tooLong())).status, 413);
    assert.equal((await fetch(google, { method: "POST", body: " ".repeat((1 << 20) + 1) })).status, 413);
    assert.equal((await fetch(google)).status, 405);

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
        settings: `
    bindings = [
        (name = "VONAGE_SIGNATURE_SECRET", text = "${simulator.signatureSecret}"),
        (name = "READ_KEY", text = "${READ_KEY}"),
        (name = "MESSAGES", durableObjectNamespace = "Message"),
    ],
    durableObjectNamespaces = [(className = "Message", uniqueKey = "messages")],
    durableObjectStorage = (inMemory = void),`,
    });
    context.after(stop);
    const read = (path, key = READ_KEY) => fetch(`${origin}/messages/${path}`, { headers: { authorization: `Bearer ${key}` } });
    await simulator.control("PUT", "/webhooks", { vonage: `${origin}/webhooks/vonage` });
    const id = await sendText(simulator, ONLINE);
    const known = await eventually(async () => {
        const answer = await (await read(`vonage:${id}`)).json();
        return answer.outcome.outcome === "delivered" ? answer : undefined;
    });
    assert.equal(known.message, `vonage:${id}`);
    assert.ok(known.why.length > 0);
    for (const path of ["nonsense", "%", "others", ""]) {
        assert.equal((await read(path)).status, 422, path);
    }
    for (const key of ["", "wrong", `${READ_KEY}x`]) {
        assert.equal((await read(`vonage:${id}`, key)).status, 401);
    }
    assert.equal((await fetch(`${origin}/messages/vonage:${id}`)).status, 401);
    for (const body of ['{"channel":"rcs","status":"delivered"}', SMS]) {
        assert.equal((await fetch(`${origin}/webhooks/vonage`, signedByVonage(body))).status, 200);
    }
    assert.equal((await fetch(`${origin}/webhooks/vonage`, tooLong())).status, 413);
    const forged = { method: "POST", headers: { authorization: "Bearer x.y.z" }, body: "{}" };
    assert.equal((await fetch(`${origin}/webhooks/vonage`, forged)).status, 503);
});

/** The worker's class over a storage in memory, asked about one name. */
async function durableObject(name) {
    const { Message } = await import(pathToFileURL(join(folder, "examples/worker/worker.js")).href);
    const data = new Map();
    const storage = {
        get: async (key) => structuredClone(data.get(key)),
        put: async (key, value) => void data.set(key, structuredClone(value)),
    };
    const object = new Message({ storage });
    const url = `https://message/${encodeURIComponent(name)}`;
    const post = (body) => object.fetch(new Request(url, { method: "POST", body, duplex: "half" }));
    return { data, post };
}

test("worker: an event whose body comes slowly and one that overtakes it are both kept", LIMIT, async () => {
    const { data, post } = await durableObject("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
    const fact = (event) => JSON.stringify({ fact: "event", event, identity: event, receivedAt: 1 });
    let finish;
    const slow = new ReadableStream({
        start(controller) {
            finish = () => {
                controller.enqueue(new TextEncoder().encode(fact("submitted")));
                controller.close();
            };
        },
    });
    const first = post(slow);
    // All that the first can do before its body comes, it has done.
    await new Promise((resolve) => setImmediate(resolve));
    const second = await post(fact("delivered"));
    finish();
    assert.deepEqual([(await first).status, second.status], [204, 204]);
    assert.deepEqual(data.get("evidence").facts.map(({ event }) => event).sort(), ["delivered", "submitted"]);
});

test("worker: what is about no message is kept as it came", LIMIT, async () => {
    const { data, post } = await durableObject("others");
    const others = [{ aside: "{}", about: "a launch" }, { sms: { event: "delivered", raw: SMS } }, { unreadable: "{}", reason: "why" }];
    for (const one of others) assert.equal((await post(JSON.stringify(one))).status, 204);
    assert.deepEqual(new Set(data.values()), new Set(others));
});
