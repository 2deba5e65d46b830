import type {
    AgentId,
    BodyInput,
    EventWord,
    HeadersInput,
    InboundCall,
    IncomingEvent,
    MessageId,
    MessageRef,
    PhoneNumber,
    Provider,
    ProviderEvent,
    Reception,
    Source,
    SourceId,
    Time,
    WebhookRefusal,
    WebhookSecret,
    WebhookVerdict,
} from "../types/index.js";
import { bytes, putHeaders } from "./answer.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { putClaim, putSources } from "./shapes.js";
import { defined, millis, object, own, Question, type Answer } from "./wire.js";

export function receiveWebhook(
    provider: Provider,
    secret: WebhookSecret | string | undefined,
    call: InboundCall,
): Reception {
    const question = new Question().text("provider", provider);
    let body = bytes(own(object(call, "call"), "body") as BodyInput, "call.body");
    if (secret === undefined || secret === null) {
        question.put("secret", undefined).put("account", undefined);
    } else {
        const { key, account } = typeof secret === "string" ? { key: secret, account: undefined } : parts(secret);
        const bare = bytes(key, "secret.key");
        body = joined(bare, body);
        question.of("secret").put("key", `${bare.length}`).value("account", "text?", account);
    }
    question.of("call").text("method", own(object(call, "call"), "method"));
    putHeaders(question, own(object(call, "call"), "headers") as HeadersInput, "call.headers");
    const answer = ask(Op.ReceiveWebhook, question, body);
    return { status: answer.int(), body: answer.text(), verdict: verdict(answer) };
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

function verdict(answer: Answer): WebhookVerdict {
    const verdict = answer.text<WebhookVerdict["verdict"]>();
    switch (verdict) {
        case "handshake":
            return { verdict };
        case "event":
            return { verdict, ...incoming(answer) };
        case "aside":
            return { verdict, about: answer.text(), raw: answer.text() };
        case "unreadable":
            return { verdict, reason: answer.text(), raw: answer.text() };
        case "refused":
            return { verdict, why: answer.text<WebhookRefusal>() };
    }
}

function incoming(answer: Answer): IncomingEvent {
    const event = answer.text();
    const code = answer.opt();
    const word = answer.opt();
    return defined({
        event,
        code,
        word,
        provider: answer.text<Provider>(),
        agent: answer.opt() as AgentId | undefined,
        application: answer.opt(),
        sender: answer.opt(),
        message: answer.text<MessageId>(),
        identity: answer.text(),
        eventTime: answer.opt(),
        phone: answer.opt() as PhoneNumber | undefined,
        workflow: answer.optInt() === 1 ? true : undefined,
        raw: answer.text(),
    }) as IncomingEvent;
}

export function eventMessage(event: IncomingEvent): MessageRef {
    const fields = object(event, "event");
    const question = new Question().of("event").text("provider", own(fields, "provider"));
    question.value("agent", "text?", own(fields, "agent"));
    return ask(Op.MessageRef, question.text("message", own(fields, "message"))).text();
}

export function eventFact(event: IncomingEvent, receivedAt: Time): ProviderEvent {
    const fields = object(event, "event") as Readonly<Record<string, unknown>> & EventWord;
    return defined({
        fact: "event",
        identity: own(fields, "identity"),
        event: own(fields, "event"),
        code: own(fields, "code"),
        word: own(fields, "word"),
        receivedAt: millis(receivedAt, "receivedAt"),
        eventTime: own(fields, "eventTime"),
        phone: own(fields, "phone"),
        workflow: own(fields, "workflow"),
        raw: own(fields, "raw"),
    }) as ProviderEvent;
}

export function claimSource(
    event: IncomingEvent,
    sources: readonly Source[],
    known?: string,
): SourceId | undefined {
    const question = putClaim(new Question(), event, "event");
    question.value("known", "text?", known);
    return ask(Op.Claim, putSources(question, sources, "sources")).opt() as SourceId | undefined;
}
