import type {
    AbortSignalLike,
    Auth,
    ExpiryFields,
    Host,
    MessageClass,
    OutgoingRequest,
    PlatformRequest,
    Provider,
    RevokeTarget,
    SmsTarget,
} from "../types/index.js";
import { invalid, RcsRevokeError } from "./error.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { object, Question, string, whole, type Answer, type Shape } from "./wire.js";

const TARGET: Shape = [
    ["message", "text"],
    ["recipient", "text?"],
    ["host", "text"],
];
const SMS: Shape = [
    ["from", "text"],
    ["to", "text"],
    ["text", "text"],
    ["host", "text"],
    ["ttl", "span?"],
    ["clientRef", "text?"],
];

export function buildRevokeRequest(target: RevokeTarget): OutgoingRequest {
    return request(ask(Op.RevokeRequest, new Question().of("target").fields(object(target, "target"), TARGET)));
}

export function buildSmsRequest(target: SmsTarget): OutgoingRequest {
    return request(ask(Op.SmsRequest, new Question().of("target").fields(object(target, "target"), SMS)));
}

function request(answer: Answer): OutgoingRequest {
    const method = answer.text<OutgoingRequest["method"]>();
    const url = answer.text();
    const host = answer.text<Host>();
    const path = answer.text();
    const body = answer.text();
    const auth = answer.text<Auth>();
    const headers: Record<string, string> = {};
    while (answer.more) {
        headers[answer.text()] = answer.text();
    }
    return body === "" ? { method, url, host, path, headers, auth } : { method, url, host, path, headers, body, auth };
}

export function toRequest(
    request: OutgoingRequest,
    options: { authorization?: string; baseUrl?: string; signal?: AbortSignalLike } = {},
): PlatformRequest {
    if (typeof Request === "undefined") {
        throw new RcsRevokeError("unsupported", "this platform has no `Request`: use the built request's fields");
    }
    const { method, url, path, headers, body } = object(request, "request") as unknown as OutgoingRequest;
    const { authorization, baseUrl, signal } = object(options, "options") as typeof options;
    const init: RequestInit = { method, headers: { ...headers }, redirect: "manual" };
    if (authorization !== undefined) {
        (init.headers as Record<string, string>)["Authorization"] = authorization;
    }
    if (body !== undefined) {
        init.body = body;
    }
    if (signal !== undefined) {
        init.signal = signal as AbortSignal;
    }
    try {
        return new Request(baseUrl === undefined ? url : baseUrl + path, init);
    } catch (cause) {
        throw invalid("request", `the platform makes no Request of it: ${cause}`, cause);
    }
}

export function expiryFields<P extends Provider>(
    provider: P,
    wanted: MessageClass | number,
): Extract<ExpiryFields, { provider: P }> {
    const question = new Question().text("provider", provider);
    if (typeof wanted === "string") {
        question.put("wanted", string(wanted, "wanted")).put("wanted", undefined);
    } else {
        question.put("wanted", undefined).put("wanted", `${whole(wanted, "wanted")}`);
    }
    const answer = ask(Op.Expiry, question);
    const fields = { ttl: JSON.parse(answer.text()) as string | number };
    const expiry = { provider, fields, life: { kind: "ttl", ttl: answer.int() } };
    return expiry as unknown as Extract<ExpiryFields, { provider: P }>;
}

