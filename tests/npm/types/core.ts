// What the core's types allow, and what they must not. A line under `@ts-expect-error` that compiles is a fault.

import {
    RcsRevokeError,
    Revocation,
    buildRevokeRequest,
    buildRevokeRequests,
    defaultPolicy,
    expiryFields,
    init,
    messageRef,
    parseId,
    parseMessageIds,
    readAnswer,
    readResponse,
    readSmsAnswer,
    routeRegion,
    sentenceText,
    standardClasses,
    toRequest,
} from "rcs-revoke";
import type {
    Ack,
    Assessment,
    Because,
    Fact,
    FallbackCells,
    Host,
    MessageRef,
    Outcome,
    PhoneNumber,
    Policy,
    Reading,
    Source,
    SourceId,
    Step,
    WishId,
} from "rcs-revoke";

import { RcsRevokeError as SameError, init as initImport, parseImport, resolveEntries } from "rcs-revoke/import";
import type { MessageRef as SameRef } from "rcs-revoke/import";
import wasm from "rcs-revoke/rcs_revoke.wasm";
import rowsWasm from "rcs-revoke/rcs_revoke_import.wasm";
import callsWasm from "rcs-revoke/rcs_revoke_webhooks.wasm";
import { RcsRevokeError as ItsError, eventFact, eventMessage, init as initWebhooks, receiveWebhook } from "rcs-revoke/webhooks";
import type { ProviderEvent } from "rcs-revoke/webhooks";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

// Ids are texts that have been read, each of its own kind.
const message = parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const phone = parseId("phone", "+447700900000");
const wish = parseId("wish", "rev_1");
holds<Equal<typeof message, MessageRef>>();
holds<Equal<typeof phone, PhoneNumber>>();
holds<Equal<typeof wish, WishId>>();
const text: string = message;
// @ts-expect-error: a text that nobody has read is no message
buildRevokeRequest({ message: text, host: "vonage.eu" });
// @ts-expect-error: a phone number is no message
buildRevokeRequest({ message: phone, host: "vonage.eu" });
// @ts-expect-error: there is no such kind of id
parseId("fax", "1");
// @ts-expect-error: there is no such host
buildRevokeRequest({ message, host: "vonage.mars" });
// @ts-expect-error: there is no such provider
messageRef({ provider: "fax", id: "1" });
holds<Equal<ReturnType<typeof parseMessageIds>["ids"][number] extends string ? true : false, true>>();

const source: Source = { id: "otp", provider: "vonage", launchCountry: "DE" };
// @ts-expect-error: names are JavaScript's
const wrong: Source = { id: "otp", provider: "vonage", launch_country: "DE" };
const [first] = routeRegion(source).candidates;
holds<Equal<typeof first, Host>>();

// Times are given as Date or number, and returned as numbers.
const revocation = new Revocation(message, { source });
revocation.record({ fact: "requested", wish, by: "ops", at: new Date() });
revocation.record({ fact: "requested", wish, by: "ops", at: Date.now() });
// @ts-expect-error: no bigint
revocation.record({ fact: "requested", wish, by: "ops", at: 7n });
// @ts-expect-error: no text
revocation.record({ fact: "requested", wish, by: "ops", at: "2026-11-20" });
// @ts-expect-error: there is no such fact
revocation.record({ fact: "revoked", at: 7 });
// @ts-expect-error: an answer needs its attempt
revocation.record({ fact: "answered", ack: "accepted", at: 7 });
for (const fact of revocation.facts()) {
    if (fact.fact === "requested") holds<Equal<typeof fact.at, number>>();
}

// A step is told apart by its word.
function next(step: Step): number {
    switch (step.step) {
        case "send":
            return step.attempt;
        case "request":
            revocation.record({ fact: "requested", ...step.requested });
            // @ts-expect-error: it is frozen
            step.requested.by = "me";
            return step.requested.at;
        case "send_fallback":
            return step.fallback;
        case "wait_until":
            return step.at;
        case "ask_operator":
            return step.question.length;
        case "done":
            // @ts-expect-error: nothing is left to wait for
            return step.at;
    }
}
next(revocation.nextStep());

function color(outcome: Outcome): string {
    // @ts-expect-error: only what was delivered has that
    outcome.raced;
    return outcome.outcome === "delivered" && outcome.raced ? "orange" : "grey";
}
color(revocation.outcome(new Date()));

// What is given out again is frozen.
function write(assessment: Assessment): void {
    // @ts-expect-error: it is frozen
    assessment.lookAgainAt = 7;
    // @ts-expect-error: it is frozen
    assessment.outcome.outcome = "watched";
    // @ts-expect-error: it is frozen
    if (assessment.step.step === "send") assessment.step.attempt = 7;
    // @ts-expect-error: it is frozen
    if (assessment.outcome.flags) assessment.outcome.flags.unknownWord = true;
}
write(revocation.assess());

// An SMS instead.
const offered = revocation.fallback(new Date());
// @ts-expect-error: only what is not sent by itself has a reason
offered.because;
if (offered.offer === "by_hand") holds<Equal<typeof offered.because, Because>>();
const { fallback, via, ...sms } = revocation.smsRequest();
toRequest(sms);
holds<Equal<[typeof fallback, typeof via], [number, SourceId]>>();
revocation.record({ fact: "fallback_answered", fallback, ...readSmsAnswer({ status: 202 }), at: 7 });
const last = revocation.sent().at(-1);
if (last?.sms === "not_delivered") last.code.trim();
// @ts-expect-error: any other has no code
last?.code;
const [otp] = standardClasses();
const policy: Policy = { ...defaultPolicy("vonage"), classes: [{ ...otp, fallbackBy: 30_000 }], class: "otp" };
// @ts-expect-error: there is no such cell
const cells: FallbackCells = { ...otp.fallback, gone: "perhaps" };
// @ts-expect-error: an SMS needs a sender
const mute: Source = { id: "otp", provider: "vonage", sms: { source: "otp", host: "vonage.eu" } };
new Revocation(message, { source: { ...source, sms: { source: "otp", from: "Acme", host: "vonage.eu" } }, policy });

// Many at once.
const rows = parseImport("").flatMap((row) => (row.row === "entry" ? [row] : []));
const resolutions = resolveEntries(rows, [source], [undefined, { source: "otp", hasRecipient: true }]);
for (const resolution of resolutions) {
    if (resolution.resolution === "ready") buildRevokeRequests([{ message: resolution.message, host: "vonage.eu" }]);
}
holds<Equal<ReturnType<typeof revocation.recordAll>, number>>();
revocation.recordAll(revocation.facts());
// @ts-expect-error: each needs its host
buildRevokeRequests([{ message }]);
sentenceText(revocation.explain().sentence, (time) => new Date(time).toISOString());

const ack: Ack = readAnswer("vonage", { status: 429, headers: { "Retry-After": "15" } });
if (ack.ack === "no_effect") holds<Equal<typeof ack.retryAfter, number | undefined>>();
// @ts-expect-error: the answer may be another
ack.reason;
const answered: Fact = { fact: "answered", attempt: 1, ...ack, at: 7 };
holds<Equal<Awaited<ReturnType<typeof readResponse>>, Reading>>();
const { status = 0, body: said = "" } = readAnswer("vonage", { status: 404 });
holds<Equal<[typeof status, typeof said], [number, string]>>();

const body = new Uint8Array();
const { verdict } = receiveWebhook("vonage", { key: "k" }, { method: "POST", headers: new Headers(), body });
if (verdict.verdict === "event") {
    holds<Equal<ReturnType<typeof eventMessage>, MessageRef>>();
    holds<Equal<ReturnType<typeof eventFact>, ProviderEvent>>();
    revocation.record(eventFact(verdict, Date.now()));
}
// @ts-expect-error: a body that was parsed cannot be verified any more
receiveWebhook("vonage", { key: "k" }, { method: "POST", headers: {}, body: { message_uuid: "x" } });

const request = toRequest(buildRevokeRequest({ message, host: "vonage.eu" }), { authorization: "Bearer x" });
holds<Equal<typeof request, Request>>();
const { fields } = expiryFields("google_rbm", "otp");
holds<Equal<typeof fields, { ttl: string }>>();
// @ts-expect-error: there is no such class
expiryFields("vonage", "urgent");

const loading: Promise<void[]> = Promise.all([init(wasm), initImport(rowsWasm), initWebhooks(callsWasm)]);
holds<Equal<[typeof SameError, typeof ItsError, SameRef], [typeof RcsRevokeError, typeof RcsRevokeError, MessageRef]>>();
const thrown: unknown = new RcsRevokeError("invalid_id", "no");
if (thrown instanceof RcsRevokeError && thrown.code === "freed") throw thrown;
// @ts-expect-error: there is no such code
if (thrown instanceof RcsRevokeError && thrown.code === "oops") throw thrown;
{
    using held = new Revocation(message, { source });
    held.free();
}
export { answered, cells, loading, mute, wrong };
