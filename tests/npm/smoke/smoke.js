// What every runtime runs: each part of the package once, every vector, and the client.

import { checkClient } from "./client.js";
import { same, thrownBy } from "./equal.js";
import { checkVectors } from "./vectors.js";

const ID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const FORGED = { method: "POST", headers: {}, body: "{}" };
const SOURCE = { id: "otp-eu", provider: "vonage", launchCountry: "DE" };

/**
 * Checks the package where it runs.
 *
 * @param core What `rcs-revoke` exports.
 * @param importing What `rcs-revoke/import` exports.
 * @param hearing What `rcs-revoke/webhooks` exports.
 * @param client What `rcs-revoke/client` exports.
 * @param loads `itself`, or `init` where the platform cannot load at once.
 * @param init What is given to the `init` of each, by the names above.
 * @param vectors The cases of tests/vectors/, by file.
 * @param url Where the double of the proxy is.
 */
export async function smoke({ core, importing, hearing, client, loads, init, vectors, url }) {
    const errorClasses = new Set([core, importing, hearing].map(({ RcsRevokeError }) => RcsRevokeError));
    same(errorClasses.size, 1, "classes of errors");
    await load(core, "rcs-revoke", loads, init?.core, () => core.parseId("phone", "+44 7700 900000"));
    await load(importing, "rcs-revoke/import", loads, init?.importing, () => importing.parseImport(ID));
    await load(hearing, "rcs-revoke/webhooks", loads, init?.hearing, () => hearing.receiveWebhook("vonage", "k", FORGED));

    const { version, commit } = core.version();
    // Sources without git have no commit to tell.
    const isCommit = /^([0-9a-f]{40}(-dirty)?|unknown)$/.test(commit);
    same([/^\d+\.\d+\.\d+/.test(version), isCommit], [true, true], `${version} ${commit}`);
    same(importing.version(), { version, commit }, "the version of rcs-revoke/import");
    same(hearing.version(), { version, commit }, "the version of rcs-revoke/webhooks");
    aRevocation(core);
    anImport(core, importing);
    aWebhook(core, hearing);
    errors(core);
    aFullStack(core, hearing);
    const cases = checkVectors({ ...importing, ...hearing, ...core }, vectors);
    await checkClient(client, url);
    return { version, cases };
}

/** Loads an entry, and uses it before: which works, or says what is to be done. */
async function load(entry, name, loads, init, use) {
    if (loads === "init") {
        const error = thrownBy(use, `${name} used before init`);
        same([error.name, error.code, error instanceof entry.RcsRevokeError], ["RcsRevokeError", "not_loaded", true], "too early");
        same(error.message.includes(`\`await init()\` of ${name} first`), true, `the error says what to do: ${error.message}`);
    } else {
        use();
    }
    await entry.init(init);
    await entry.init(init);
    use();
}

/** From a pasted text to what is asked for, through `rcs-revoke/import` and `rcs-revoke`. */
function anImport(core, importing) {
    const importer = new importing.Importer();
    const rows = [...importer.push(`phone;id\n+447700900000;${ID.slice(0, 7)}`), ...importer.push(ID.slice(7)), ...importer.finish()];
    same(rows, [{ row: "entry", line: 2, column: 15, id: ID, phone: "+447700900000" }], "a row in two pieces");
    const [resolution] = importing.resolveEntries(rows, [SOURCE]);
    same(resolution, { resolution: "ready", message: `vonage:${ID}`, source: "otp-eu" }, "resolveEntries");
    same(core.buildRevokeRequest({ message: resolution.message, host: "vonage.eu" }).method, "PATCH", "of an import");
    const error = thrownBy(() => importing.parseImport(7), "a number is no text");
    same([error.code, error.path, error instanceof core.RcsRevokeError], ["invalid_argument", "text", true], "of an import");
}

/** From a call to a fact about a message, through `rcs-revoke/webhooks` and `rcs-revoke`; the vectors have the calls that are genuine. */
function aWebhook(core, hearing) {
    same(hearing.receiveWebhook("vonage", undefined, FORGED).verdict,
        { verdict: "refused", why: "not_configured" }, "a webhook without a secret");
    const event = { provider: "vonage", message: ID, identity: "e", event: "delivered", raw: "{}" };
    const message = hearing.eventMessage(event);
    same([message, hearing.claimSource(event, [SOURCE])], [`vonage:${ID}`, "otp-eu"], "whose an event is");
    const revocation = new core.Revocation(message, { source: SOURCE });
    same(revocation.record(hearing.eventFact(event, 7)), true, "a fact of an event");
    same(revocation.outcome(8), { outcome: "delivered", at: 7 }, "of an event");
    revocation.free();
    const error = thrownBy(() => hearing.receiveWebhook("vonage", "k", { method: "POST" }), "a call without headers");
    same([error.code, error.path, error instanceof core.RcsRevokeError], ["invalid_argument", "call.headers", true], "of a call");
}

/** From an id to an outcome, as the README does it. */
function aRevocation(core) {
    const message = core.parseId("message", `vonage:${ID.toUpperCase()}`);
    same(message, `vonage:${ID}`, "parseId");
    same(core.routeRegion(SOURCE).candidates[0], "vonage.eu", "routeRegion");
    const revocation = new core.Revocation(message, { source: SOURCE });
    const at = Date.UTC(2026, 10, 20, 10);
    revocation.record({ fact: "requested", wish: core.parseId("wish", "rev_1"), by: "ops", at: new Date(at) });
    const step = revocation.nextStep(at);
    same(step, { step: "send", wish: "rev_1", attempt: 1, host: "vonage.eu" }, "nextStep");
    const { attempt, wish, host } = step;
    revocation.record({ fact: "attempted", attempt, wish, host, begunAt: at });
    const built = core.buildRevokeRequest({ message, host });
    const request = core.toRequest(built, { authorization: "Bearer secret" });
    same(
        [request.method, request.url, request.headers.get("authorization")],
        ["PATCH", `https://api-eu.nexmo.com/v1/messages/${ID}`, "Bearer secret"],
        "toRequest",
    );
    const ack = core.readAnswer("vonage", { status: 202, headers: {}, body: "" });
    revocation.record({ fact: "answered", attempt, ...ack, at: at + 100 });
    same(revocation.outcome(at + 1_000).outcome, "settling", "outcome");
    const text = core.sentenceText(revocation.explain(at + 1_000).sentence);
    same(typeof text === "string" && text.length > 0, true, "sentenceText");

    const copy = core.Revocation.fromJSON(JSON.stringify(revocation), { source: SOURCE });
    copy.record({ fact: "event", identity: "e", event: "delivered", receivedAt: at + 5_000 });
    revocation.merge(copy);
    same(revocation.outcome(at + 60_000), { outcome: "delivered", at: at + 5_000, raced: true }, "after merging");
    copy.free();
    revocation.free();
    same(thrownBy(() => revocation.outcome(at), "used after free").code, "freed", "after free");
}

/** An app that has used up its stack loses no object by it; nor when a bundler has rewritten what sees to that. */
function aFullStack(core, hearing) {
    const kept = new core.Revocation(core.parseId("message", `vonage:${ID}`), { source: SOURCE });
    const fact = { fact: "requested", wish: core.parseId("wish", "w"), by: "ops", at: 7 };
    kept.record(fact);
    for (const call of [() => kept.record(fact), () => kept.explain(9), () => hearing.receiveWebhook("vonage", "k", FORGED)]) {
        // Called at each depth until there is no stack left for it.
        const walk = (depth) => {
            const frame = [depth];
            call();
            walk(depth + 1);
            return frame;
        };
        const error = thrownBy(() => walk(0), "there is an end to every stack");
        same(error.code === "internal", false, `a fault of the module: ${error.stack}`);
        same(kept.size, 1, "an object, after a full stack");
    }
    kept.free();
}

/** Wrong arguments are errors with a code, and leave the module usable. */
function errors(core) {
    const codes = [
        ["invalid_phone", () => core.parseId("phone", "12")],
        ["invalid_id", () => core.parseId("message", "vonage:../x")],
        ["invalid_argument", () => core.routeRegion(undefined)],
        ["recipient_missing", () => core.buildRevokeRequest({ message: "google_rbm:a@rbm.goog:1", host: "google.us" })],
    ];
    for (const [code, call] of codes) {
        const error = thrownBy(call, code);
        same([error.code, error instanceof core.RcsRevokeError], [code, true], code);
    }
}
