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
import { bytes, putHeaders } from "./answer.js";
import { ask, askText } from "./module.js";
import { Op } from "./ops.js";
import { putClaim, putSources } from "./shapes.js";
import { millis, object, own, Question, shape } from "./wire.js";

/** What of an event becomes a fact. */
const FACT = ["identity", "event", "code", "word", "eventTime", "phone", "workflow", "raw"];
const MESSAGE = shape("provider agent? message");

export function receiveWebhook(
    provider: Provider,
    secret: WebhookSecret | string | undefined,
    call: InboundCall,
): Reception {
    const question = new Question().text("provider", provider);
    let body = bytes(own(object(call, "call"), "body") as BodyInput, "call.body");
    if (secret === undefined || secret === null) {
        question.put("secret").put("account");
    } else {
        const { key, account } = typeof secret === "string" ? { key: secret, account: undefined } : parts(secret);
        const bare = bytes(key, "secret.key");
        body = joined(bare, body);
        question.of("secret").put("key", `${bare.length}`).opt("account", account);
    }
    question.of("call").text("method", own(object(call, "call"), "method"));
    putHeaders(question, own(object(call, "call"), "headers") as HeadersInput, "call.headers");
    return ask(Op.ReceiveWebhook, question, body);
}

function parts(secret: WebhookSecret): { key: BodyInput; account: unknown } {
    const fields = object(secret, "secret");
    return { key: (own(fields, "key") ?? "") as BodyInput, account: own(fields, "account") };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
    const both = new Uint8Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
}

export function eventMessage(event: IncomingEvent): MessageRef {
    return askText(Op.MessageRef, new Question().of("event").fields(object(event, "event"), MESSAGE)) as MessageRef;
}

export function eventFact(event: IncomingEvent, receivedAt: Time): ProviderEvent {
    const fields = object(event, "event");
    const fact: Record<string, unknown> = { fact: "event", receivedAt: millis(receivedAt, "receivedAt") };
    for (const name of FACT) {
        const value = own(fields, name);
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
    const question = putClaim(new Question(), event, "event");
    question.opt("known", known);
    return (askText(Op.Claim, putSources(question, sources, "sources")) || undefined) as SourceId | undefined;
}
