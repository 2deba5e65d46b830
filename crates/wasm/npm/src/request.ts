import type {
    AbortSignalLike,
    ExpiryFields,
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
import { object, Question, shape } from "./wire.js";

const TARGET = shape("message recipient? host");
const SMS = shape("from to text host #ttl? clientRef?");

export function buildRevokeRequest(target: RevokeTarget): OutgoingRequest {
    return ask(Op.RevokeRequest, new Question().of("target").fields(object(target, "target"), TARGET));
}

export function buildSmsRequest(target: SmsTarget): OutgoingRequest {
    return ask(Op.SmsRequest, new Question().of("target").fields(object(target, "target"), SMS));
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
        question.put("wanted", wanted).put("wanted");
    } else {
        question.put("wanted").value("wanted", "#", wanted);
    }
    const { fields, ttl } = ask<{ fields: { ttl: string | number }; ttl: number }>(Op.Expiry, question);
    const expiry = { provider, fields, life: { kind: "ttl", ttl } };
    return expiry as unknown as Extract<ExpiryFields, { provider: P }>;
}
