// What the client's types allow, and what they must not.

import { Client, ProxyError, newIdempotencyKey } from "rcs-revoke/client";
import type { MessageView } from "rcs-revoke/client";
import { outcomeInfo, parseId, routeRegion, sentenceText } from "rcs-revoke";

const client = new Client({ url: new URL("http://localhost:8480"), accessKey: "key", fetch });
// @ts-expect-error: where?
new Client({ accessKey: "key" });

const message = parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const report = await client.revoke([message, { message, sentAt: new Date() }], { notBefore: Date.now() });
await client.revoke("google_rbm:my_agent@rbm.goog:1");
// @ts-expect-error: an id alone is no key
await client.revoke("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
// @ts-expect-error: a recipient is no term of a command
await client.revoke(message, { phone: "+447700900000" });
for (const result of report.results) {
    // @ts-expect-error: what was refused has no wish
    result.wish;
    if (result.taken === "refused") result.detail.trim();
    else await client.withdrawWish(result.wish);
}

await client.revoke(message, { then: "sms", class: "otp", replace: true });
// @ts-expect-error: there is nothing such that could follow
await client.revoke(message, { then: "fax" });
const { smsInstead } = await client.message(message);
await client.orderFallback({ message, fallback: smsInstead.next.number, text: "1234" });
// @ts-expect-error: of which number?
await client.orderFallback({ message });

await client.register({ id: "1", source: "otp", ttl: 600_000, sentAt: new Date() });
await client.register({ id: "1", source: "otp", class: "otp", fallbackText: "1234", failover: false, revokeAt: new Date() });
// @ts-expect-error: which source?
await client.register({ id: "1" });
async function* sent() {
    yield { id: "1", source: "otp" };
}
const { kept } = await client.registerMany(sent());
kept.toFixed();
await client.registerMany(new Set([{ id: "1", source: "otp" }]), { signal: AbortSignal.timeout(1) });
// @ts-expect-error: one is no many
await client.registerMany({ id: "1", source: "otp" });
const { problems } = await client.importMessages(new TextEncoder().encode("id\n"), { source: "otp" });
problems.map(({ line, detail }) => `${line.toFixed()}: ${detail}`);
// @ts-expect-error: a file is read by its owner
await client.importMessages(new Blob(["id\n"]));
const idempotencyKey: string = newIdempotencyKey();
await client.revoke(message, { idempotencyKey, signal: AbortSignal.timeout(1) });
await client.messages({ outcome: ["revoked", "settling"] });
// @ts-expect-error: there is no such outcome
await client.messages({ outcome: "cancelled" });

// What it gives fits what the core takes.
const { outcome, explanation } = await client.message(message);
outcomeInfo(outcome.outcome);
sentenceText(explanation.sentence);
// @ts-expect-error: the outcome is told once, beside it
explanation.outcome;
for (const { source } of await client.sources()) routeRegion(source);

for await (const event of client.watch({ signal: AbortSignal.timeout(1), lastEventId: "7" })) {
    // @ts-expect-error: the greeting is about no message
    event.message;
    const changed: MessageView | undefined = event.event === "message" ? event.message : undefined;
    changed?.outcome;
}
for await (const { items } of client.pages()) items.map(({ changedAt }) => changedAt.toFixed());

const thrown: unknown = new ProxyError("unreachable", "no");
if (thrown instanceof ProxyError && thrown.code === "a_code_of_tomorrow") {
    const key: string | undefined = thrown.idempotencyKey;
    await client.revoke(message, key === undefined ? {} : { idempotencyKey: key });
}
