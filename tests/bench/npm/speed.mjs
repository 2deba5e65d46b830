// Speed of the npm package in Node, beside the same functions in plain TypeScript, on the same machine at the same
// time: only the ratio means something elsewhere. `cargo xtask bench npm` prints it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { build } from "esbuild";

const [rcs, importing, hearing] = ["node.cjs", "import-node.cjs", "webhooks-node.cjs"].map((file) =>
    createRequire(import.meta.url)(join(process.env.REVOKE_TEST_PACKAGE, file)),
);
const plain = await plainly();

/** `plain.ts`, compiled. */
async function plainly() {
    const { outputFiles } = await build({
        entryPoints: [new URL("plain.ts", import.meta.url).pathname],
        bundle: true,
        platform: "node",
        format: "esm",
        write: false,
        logLevel: "error",
    });
    return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const ROUNDS = 5;

/**
 * Calls per second of processor time, so that other work on the machine counts less: the median of some rounds, after
 * one that only warms up.
 */
function rate(call, times) {
    const rates = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
        const start = process.cpuUsage();
        for (let index = 0; index < times; index += 1) {
            call(index);
        }
        const { user, system } = process.cpuUsage(start);
        rates.push((times * 1e6) / Math.max(user + system, 1));
    }
    return rates.slice(1).sort((a, b) => a - b)[ROUNDS >> 1];
}

const rows = [];

function compare(what, times, ours, theirs) {
    const [package_, plainly] = [rate(ours, times), rate(theirs, times)];
    rows.push({ what, package: package_, plain: plainly });
}

// Requests
const id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const message = rcs.parseId("message", `vonage:${id}`);
const target = { message, host: "vonage.eu" };
assert.deepEqual(rcs.buildRevokeRequest(target), plain.buildRevoke(target));
compare("build a revoke request", 100_000, () => rcs.buildRevokeRequest(target), () => plain.buildRevoke(target));

const targets = new Array(1_000).fill(target);
compare(
    "build 1,000 of them in one call",
    100,
    () => rcs.buildRevokeRequests(targets),
    () => targets.map((target) => plain.buildRevoke(target)),
);

// Webhooks
const vectors = JSON.parse(readFileSync(new URL("../../vectors/webhooks.json", import.meta.url), "utf8"));
const { input } = vectors.find(({ name, input, expected }) => input.provider === "vonage" && expected.verdict.event === "delivered" && name);
const { key, account } = input.secret;
const call = { method: "POST", headers: input.headers, body: new TextEncoder().encode(input.body) };
const secret = { key, account: account ?? undefined };
assert.deepEqual(hearing.receiveWebhook("vonage", secret, call), plain.receive(key, account, call));
compare(
    "verify and read a webhook of Vonage",
    20_000,
    () => hearing.receiveWebhook("vonage", secret, call),
    () => plain.receive(key, account, call),
);

// Outcomes
const at = Date.UTC(2026, 10, 20, 10);
const source = { id: "otp", provider: "vonage", launchCountry: "DE", listeningSince: at - 86_400_000 };
const facts = [
    { fact: "registered", by: { kind: "api", id: "1" }, receivedAt: at, sentAt: at, life: { kind: "ttl", ttl: 600_000 } },
    { fact: "requested", wish: "rev_1", by: "ops", at: at + 1_000 },
    { fact: "attempted", attempt: 1, wish: "rev_1", host: "vonage.eu", begunAt: at + 1_100 },
    { fact: "answered", attempt: 1, ack: "accepted", status: 202, at: at + 1_300 },
    { fact: "event", identity: "s", event: "submitted", receivedAt: at + 1_400, raw: "" },
];
const made = (Kind) => {
    const revocation = new Kind(message, { source });
    facts.forEach((fact) => revocation.record(fact));
    return revocation;
};
const [ours, theirs] = [made(rcs.Revocation), made(plain.PlainRevocation)];
for (const now of [at + 2_000, at + 60_000, at + 700_000]) {
    assert.deepEqual({ ...ours.outcome(now) }, theirs.outcome(now));
}
compare(
    "derive an outcome, each time anew",
    100_000,
    // To and fro over a boundary, so that nothing that was derived before can be given out again.
    (index) => ours.outcome(index & 1 ? at + 2_000 : at + 60_000),
    (index) => theirs.outcome(index & 1 ? at + 2_000 : at + 60_000),
);
compare("ask for it again", 500_000, () => ours.outcome(at + 60_000), () => theirs.outcome(at + 60_000));
const late = (index) => ({ fact: "event", identity: `e${index % 64}`, event: "submitted", receivedAt: at + 1_500, raw: "" });
compare("record a fact", 100_000, (index) => ours.record(late(index)), (index) => theirs.record(late(index)));
const many = Array.from({ length: 1_000 }, (_, index) => ({ ...late(0), identity: `m${index}` }));
assert.equal(made(rcs.Revocation).recordAll(many), many.length);
compare(
    "record 1,000 facts in one call",
    30,
    () => {
        const revocation = made(rcs.Revocation);
        revocation.recordAll(many);
        revocation.free();
    },
    () => {
        const revocation = made(plain.PlainRevocation);
        many.forEach((fact) => revocation.record(fact));
    },
);
compare(
    "a revocation from its facts to its outcome",
    20_000,
    () => {
        const revocation = made(rcs.Revocation);
        revocation.outcome(at + 60_000);
        revocation.free();
    },
    () => made(plain.PlainRevocation).outcome(at + 60_000),
);

// Many ids
const ids = Array.from({ length: 100_000 }, (_, index) => id.slice(0, -6) + index.toString(16).padStart(6, "0"));
assert.deepEqual(rcs.parseMessageIds("vonage", ids), plain.parseUuids(ids));
compare("parse 100,000 ids", 3, () => rcs.parseMessageIds("vonage", ids), () => plain.parseUuids(ids));
const text = ids.join("\n");
assert.deepEqual(importing.parseImport(text), plain.parseLines(text));
compare("import a text of 100,000 ids", 3, () => importing.parseImport(text), () => plain.parseLines(text));

const senders = Array.from({ length: 30 }, (_, index) => ({ id: `s${index}`, provider: "vonage", sender: `Sender${index}` }));
const entries = ids.slice(0, 20_000).map((id, index) => ({ id, sender: `sender${index % 30}` }));
assert.deepEqual(importing.resolveEntries(entries, senders), plain.resolveAll(entries, senders));
compare(
    "find the source of 20,000 rows among 30",
    3,
    () => importing.resolveEntries(entries, senders),
    () => plain.resolveAll(entries, senders),
);

console.log("| Call | package, calls/s | plain TypeScript, calls/s | ratio |\n|---|---:|---:|---:|");
const shown = (rate) => (rate < 1_000 ? `${rate.toFixed(1)} (${(1_000 / rate).toFixed(1)} ms)` : Math.round(rate).toLocaleString("en-US"));
for (const { what, package: package_, plain } of rows) {
    console.log(`| ${what} | ${shown(package_)} | ${shown(plain)} | ${(package_ / plain).toFixed(2)} |`);
}
