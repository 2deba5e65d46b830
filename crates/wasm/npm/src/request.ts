import type {
    AbortSignalLike,
    ExpiryFields,
    MessageClass,
    MessageRef,
    OutgoingRequest,
    PlatformRequest,
    Provider,
    RevokeTarget,
    SmsTarget,
} from "../types/index.js";
import { ask, askText } from "./core.js";
import { Op } from "./ops.js";
import { array, invalid, Question, RcsRevokeError, reader, reading, shape } from "./shared.js";

const TARGET = shape("message recipient? host");
const SMS = shape("from to text host #ttl? clientRef?");

export function buildRevokeRequest(target: RevokeTarget): OutgoingRequest {
    return revokeRequests([target], () => "target")[0]!;
}

export function buildRevokeRequests(targets: readonly RevokeTarget[]): OutgoingRequest[] {
    return revokeRequests(array(targets, "targets"), (index) => `targets[${index}]`);
}

function revokeRequests(targets: readonly unknown[], path: (index: number) => string): OutgoingRequest[] {
    const question = new Question();
    question.list("targets", targets, (target, index) => question.object(path(index), target, TARGET));
    return ask<{ list: OutgoingRequest[] }>(Op.RevokeRequests, question).list;
}

export function buildSmsRequest(target: SmsTarget): OutgoingRequest {
    return ask(Op.SmsRequest, new Question().object("target", target, SMS));
}

export function smsReference(message: MessageRef, fallback: number): string {
    return askText(Op.SmsReference, new Question().text("message", message).value("fallback", "#", fallback));
}

export function toRequest(
    request: OutgoingRequest,
    options: { authorization?: string; baseUrl?: string; signal?: AbortSignalLike } = {},
): PlatformRequest {
    if (typeof Request === "undefined") {
        throw new RcsRevokeError("unsupported", "this platform has no `Request`: use the built request's fields");
    }
    const [authorization, baseUrl, signal] = ["authorization", "baseUrl", "signal"].map(reader(options, "options"));
    // Checked here: the platform would repeat a credential in its error.
    if (authorization !== undefined && !(typeof authorization === "string" && /^[ -~]*$/.test(authorization))) {
        throw invalid("options.authorization", "expected a string of visible ASCII characters");
    }
    return reading("request", () => {
        const { method, url, path, headers, body } = request;
        const init: RequestInit = { method, headers: { ...headers }, redirect: "manual" };
        if (authorization !== undefined) {
            (init.headers as Record<string, string>)["Authorization"] = authorization as string;
        }
        if (body !== undefined) {
            init.body = body;
        }
        if (signal !== undefined) {
            init.signal = signal as AbortSignal;
        }
        return new Request(baseUrl === undefined ? url : baseUrl + path, init);
    }, "the platform makes no Request of it");
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
