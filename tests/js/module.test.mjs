// What the vectors do not show of the WebAssembly module: bytes, slices, errors, types.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { core, folder } from "./module.mjs";

const UUID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const message = `vonage:${UUID}`;
const source = { id: "otp", provider: "vonage", sender: "DemoAgent" };
const at = Date.UTC(2026, 10, 20, 10);

/** Evidence of a wish, an accepted attempt, and what else happened. */
function evidence(...more) {
    return {
        message,
        facts: [
            { fact: "requested", wish: "rev_1", by: "test", at },
            { fact: "attempted", attempt: 1, wish: "rev_1", host: "vonage.eu", begun_at: at },
            { fact: "answered", attempt: 1, ack: "accepted", status: 202, at: at + 100 },
            ...more,
        ],
    };
}

test("an accepted answer is not called revoked, and its delivery is called a race", () => {
    const early = core.assess({ evidence: evidence(), source, now: at + 1_000 });
    assert.equal(early.outcome.outcome, "settling");
    assert.equal(early.look_again_at, early.outcome.until);

    const event = { fact: "event", identity: "e", event: "delivered", received_at: at + 5_000 };
    const late = core.assess({ evidence: evidence(event), source, now: at + 60_000 });
    assert.deepEqual(late.outcome, { outcome: "delivered", at: at + 5_000, raced: true });
});

test("assess, nextStep and explain agree, with the provider's default policy", () => {
    const question = { evidence: evidence(), source, now: at + 60_000 };
    const assessment = core.assess(question);
    assert.deepEqual(core.assess({ ...question, policy: core.defaultPolicy("vonage") }), assessment);
    assert.deepEqual(core.nextStep(question), assessment.step);
    const { sentence, cites } = core.explain(question);
    assert.ok(sentence.some((piece) => typeof piece === "object" && piece.time >= at));
    assert.ok(cites.includes("answered:000001"));
});

test("a webhook's body may be bytes, and only those bytes fit its signature", () => {
    const file = new URL("../vectors/webhooks.json", import.meta.url);
    const { input, expected } = JSON.parse(readFileSync(file, "utf8")).find(
        ({ input, expected }) => input.provider === "vonage" && expected.verdict.verdict === "event",
    );
    const bytes = new TextEncoder().encode(input.body);
    assert.deepEqual(core.receiveWebhook({ ...input, body: bytes }), expected);
    const reception = core.receiveWebhook({ ...input, body: `${input.body} ` });
    assert.deepEqual(reception.verdict, { verdict: "refused", why: "signature_wrong" });
});

test("an import in slices of bytes gives the rows of the whole text", () => {
    const text = `id,phone,text\r\n12345xyz,+12223334444,"ä,\n→"\r\n${UUID},,\r\n../x,,\r\n`;
    const whole = core.parseImport(text);
    assert.deepEqual(whole.map(({ row, line }) => [row, line]), [["entry", 2], ["entry", 4], ["problem", 5]]);
    const bytes = new TextEncoder().encode(text);
    for (const step of [1, 2, 3, 7, 1_000]) {
        const importer = new core.Importer();
        const rows = [];
        for (let from = 0; from < bytes.length; from += step) {
            rows.push(...importer.push(bytes.subarray(from, from + step)));
        }
        rows.push(...importer.finish());
        assert.deepEqual(rows, whole, `in slices of ${step}`);
        assert.throws(() => importer.push("more"), { name: "RcsRevokeError", code: "finished" });
    }
});

test("a wrong argument is an Error with a code and its place", () => {
    const wrong = { name: "RcsRevokeError", code: "invalid_argument" };
    assert.throws(() => core.defaultPolicy("fax"), wrong);
    assert.throws(() => core.parseImport(7), wrong);
    assert.throws(() => core.routeRegion(undefined), wrong);
    assert.throws(() => core.routeRegion({ source: { ...source, launch_country: "Germany" } }), {
        ...wrong,
        message: /source\.launch_country.*Germany/,
    });
    assert.throws(() => core.buildRevokeRequest({ message: "vonage:../x", host: "vonage.eu" }), wrong);
    assert.throws(() => core.buildRevokeRequest({ message, host: "https://example.com" }), wrong);
    assert.throws(() => core.assess({ evidence: evidence(), source, now: 0.5 }), wrong);
    try {
        core.routeRegion(null);
    } catch (error) {
        assert.ok(error instanceof Error && error.stack.length > 0);
    }
});

test("the types are complete", () => {
    const types = readFileSync(join(folder, "core.d.ts"), "utf8").replace(/\/\*\*.*?\*\//gs, "");
    assert.doesNotMatch(types, /\bany\b/);
    for (const name of Object.keys(core).filter((name) => !name.startsWith("__"))) {
        assert.match(types, new RegExp(`export (function|class) ${name}\\b`));
    }
});

test("the module knows its version", () => {
    assert.match(core.version(), /^\d+\.\d+\.\d+/);
});
