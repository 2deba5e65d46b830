import type {
    Ack,
    BodyInput,
    HeadersInput,
    PlatformResponse,
    Provider,
    ReceivedAnswer,
    SendFailure,
} from "../types/index.js";
import { invalid, RcsRevokeError } from "./error.js";
import { camel } from "./json.js";
import { ask, utf8, wellFormed } from "./module.js";
import { Op } from "./ops.js";
import { array, object, own, Question, type Fields } from "./wire.js";

const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

/** A body of the caller: a text, or bytes. */
export function content(value: BodyInput | undefined | null, path: string): string | Uint8Array {
    if (value === undefined || value === null) {
        return "";
    }
    if (typeof value === "string") {
        return wellFormed(value, path);
    }
    if (ArrayBuffer.isView(value)) {
        return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    try {
        // Throws unless it is an ArrayBuffer, of this realm or another.
        byteLength.call(value);
        return new Uint8Array(value);
    } catch {
        // Nothing that holds bytes.
    }
    throw invalid(path, "expected a string, a Uint8Array or an ArrayBuffer");
}

/** A body of the caller, as bytes. */
export function bytes(value: BodyInput | undefined | null, path: string): Uint8Array {
    const body = content(value, path);
    return typeof body === "string" ? utf8(body, path) : body;
}

/** Writes headers of the caller, whatever the platform has them in. */
export function putHeaders(question: Question, value: HeadersInput | undefined | null, path: string): Question {
    if (value === undefined || value === null) {
        return question;
    }
    const headers = object(value, path);
    try {
        putAll(question, headers, path);
    } catch (cause) {
        throw cause instanceof RcsRevokeError ? cause : invalid(path, "they cannot be read", cause);
    }
    return question.of("");
}

function putAll(question: Question, value: Fields, path: string): void {
    const put = (name: unknown, value: unknown) => question.of(path).text("", name).text(String(name), value);
    if (Array.isArray(value)) {
        for (const [index, pair] of value.entries()) {
            const [name, text] = array(pair, `${path}[${index}]`);
            put(name, text);
        }
    } else if (typeof (value as unknown as Headers).forEach === "function") {
        (value as unknown as Headers).forEach((text, name) => put(name, text));
    } else {
        for (const name of Object.keys(value)) {
            const text = value[name];
            for (const one of Array.isArray(text) ? text : text === undefined ? [] : [text]) {
                put(name, one);
            }
        }
    }
}

export function readAnswer(provider: Provider, answer: ReceivedAnswer): Ack {
    const fields = object(answer, "answer");
    const question = new Question().text("provider", provider).of("answer");
    question.value("status", "#", own(fields, "status"));
    putHeaders(question, own(fields, "headers") as HeadersInput, "answer.headers");
    return ack(Op.ReadAnswer, question, content(own(fields, "body") as BodyInput, "answer.body"));
}

export async function readResponse(provider: Provider, response: PlatformResponse): Promise<Ack> {
    const { status, headers } = object(response, "response") as unknown as Response;
    let body: ArrayBuffer;
    try {
        body = await (response as Response).arrayBuffer();
    } catch {
        return readFailure("broken_after_sending");
    }
    return readAnswer(provider, { status, headers, body });
}

export function readFailure(why: SendFailure): Ack {
    return ack(Op.ReadFailure, new Question().text("why", why));
}

/** The reading of an answer, in the names of this package. */
function ack(op: Op, question: Question, body?: string | Uint8Array): Ack {
    return camel(ask(op, question, body)) as unknown as Ack;
}
