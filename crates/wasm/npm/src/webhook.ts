import type {
    BodyInput,
    HeadersInput,
    InboundCall,
    IncomingEvent,
    MessageRef,
    Provider,
    ProviderEvent,
    Reception,
    Source,
    SourceId,
    Time,
    WebhookSecret,
} from "../types/index.js";
import { bytes, joined, putHeaders } from "./answer.js";
import { invalid } from "./error.js";
import { ask, askText } from "./module.js";
import { Op } from "./ops.js";
import { CLAIM, putSources } from "./shapes.js";
import { get, millis, object, Question, shape, string } from "./wire.js";

/** What of an event becomes a fact. */
const FACT = ["identity", "event", "code", "word", "eventTime", "phone", "workflow", "raw"];
const MESSAGE = shape("provider agent? message");

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
        const given = typeof secret === "string" ? { key: secret, account: undefined } : parts(secret);
        // A copy: the call is read later, and its getters may do anything.
        key = bytes(given.key, "secret.key").slice();
        question.of("secret").put("key", `${key.length}`).opt("account", given.account);
    }
    const fields = object(call, "call");
    question.of("call").text("method", get(fields, "method", "call"));
    const [headers, body] = ["headers", "body"].map((name) => {
        const value = get(fields, name, "call");
        if (value === undefined) {
            throw invalid(`call.${name}`, "it is missing");
        }
        return value;
    });
    putHeaders(question, headers as HeadersInput, "call.headers");
    const read = bytes(body as BodyInput, "call.body");
    return ask(Op.ReceiveWebhook, question, key ? joined(key, read) : read);
}

function parts(secret: WebhookSecret): { key: BodyInput; account: unknown } {
    const fields = object(secret, "secret");
    return { key: get(fields, "key", "secret") as BodyInput, account: get(fields, "account", "secret") };
}

export function eventMessage(event: IncomingEvent): MessageRef {
    return askText(Op.MessageRef, new Question().object("event", event, MESSAGE)) as MessageRef;
}

export function eventFact(event: IncomingEvent, receivedAt: Time): ProviderEvent {
    const fields = object(event, "event");
    const fact: Record<string, unknown> = { fact: "event", receivedAt: millis(receivedAt, "receivedAt") };
    for (const name of ["identity", "event"]) {
        string(get(fields, name, "event"), `event.${name}`);
    }
    for (const name of FACT) {
        const value = get(fields, name, "event");
        if (value !== undefined) {
            fact[name] = value;
        }
    }
    return fact as unknown as ProviderEvent;
}

export function claimSource(
    event: IncomingEvent,
    sources: readonly Source[],
    known?: string,
): SourceId | undefined {
    const question = new Question().object("event", event, CLAIM).opt("known", known);
    return (askText(Op.Claim, putSources(question, sources)) || undefined) as SourceId | undefined;
}
