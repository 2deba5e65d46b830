import type {
    BodyInput,
    Consent,
    FallbackStatus,
    HeadersInput,
    InboundCall,
    IncomingEvent,
    IncomingSms,
    MessageRef,
    Provider,
    ProviderEvent,
    Reception,
    Source,
    SourceId,
    Time,
    WebhookSecret,
} from "../types/webhooks.js";
import { ask, askText } from "./hearing.js";
import { Op } from "./ops.js";
import { bytes, invalid, joined, LONGEST, millis, putHeaders, putSources, Question, reader, shape, string, whole } from "./shared.js";

/** As much of a body crosses: one that is longer would not fit, and the core refuses it by the length of its beginning. */
const CUT = LONGEST / 2;

/** What of an event becomes a fact; it is none without the first two. */
const FACT = ["identity", "event", "code", "word", "eventTime", "phone", "workflow", "raw"];
const MESSAGE = shape("provider agent? message");
const CLAIM = shape("provider agent? application? sender? message");

export function receiveWebhook(
    provider: Provider,
    secret: WebhookSecret | string | undefined,
    call: InboundCall,
): Reception {
    const question = new Question().text("provider", provider);
    let key: Uint8Array | undefined;
    if (secret === undefined || secret === null) {
        question.put("secret").put("account");
    } else {
        const read = reader(typeof secret === "string" ? { key: secret } : secret, "secret");
        // A copy: the call is read later, and its getters may do anything.
        key = bytes(read("key") as BodyInput, "secret.key").slice();
        question.of("secret").put("key", `${key.length}`).opt("account", read("account"));
    }
    const read = reader(call, "call");
    const [method, headers, body] = ["method", "headers", "body"].map((name) => {
        const value = read(name);
        if (value === undefined || value === null) {
            throw invalid(`call.${name}`, "it is missing");
        }
        return value;
    });
    putHeaders(question.of("call").text("method", method), headers as HeadersInput, "call.headers");
    const content = bytes(body as BodyInput, "call.body").subarray(0, CUT);
    return ask(Op.ReceiveWebhook, question, key ? joined(key, content) : content);
}

export function eventMessage(event: IncomingEvent): MessageRef {
    return askText(Op.MessageRef, new Question().object("event", event, MESSAGE)) as MessageRef;
}

/** A fact of what a webhook said: of its fields those by these names, the first of which must be texts. */
function fact(
    kind: string,
    [path, said]: [path: string, said: unknown],
    names: readonly string[],
    receivedAt: Time,
): Record<string, unknown> {
    const read = reader(said, path);
    const fact: Record<string, unknown> = { fact: kind, receivedAt: millis(receivedAt, "receivedAt") };
    for (const [index, name] of names.entries()) {
        const value = read(name);
        if (index < 2) {
            string(value, `${path}.${name}`);
        }
        if (value !== undefined) {
            fact[name] = value;
        }
    }
    return fact;
}

export function eventFact(event: IncomingEvent, receivedAt: Time): ProviderEvent {
    return fact("event", ["event", event], FACT, receivedAt) as unknown as ProviderEvent;
}

export function smsFact(sms: IncomingSms, fallback: number, receivedAt: Time): FallbackStatus {
    const status = fact("fallback_status", ["sms", sms], FACT.slice(0, 4), receivedAt);
    return { ...status, fallback: whole(fallback, "fallback") } as unknown as FallbackStatus;
}

export function consentFact(consent: Consent, receivedAt: Time): ProviderEvent | undefined {
    const said = fact("event", ["consent", consent], ["identity", "phone", "eventTime", "raw"], receivedAt);
    return reader(consent, "consent")("subscribed")
        ? undefined
        : ({ ...said, event: "unsubscribed" } as unknown as ProviderEvent);
}

export function claimSource(
    event: IncomingEvent,
    sources: readonly Source[],
    known?: string,
): SourceId | undefined {
    const question = new Question().object("event", event, CLAIM).opt("known", known);
    return (askText(Op.Claim, putSources(question, sources)) || undefined) as SourceId | undefined;
}
