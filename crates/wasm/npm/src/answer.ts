import type {
    Ack,
    BodyInput,
    HeadersInput,
    PlatformResponse,
    Provider,
    Reading,
    ReceivedAnswer,
    SendFailure,
    SmsReading,
} from "../types/index.js";
import { ask } from "./core.js";
import { camel } from "./json.js";
import { Op } from "./ops.js";
import { bytes, invalid, LONGEST, putHeaders, Question, reader, text } from "./shared.js";

/** As many characters of a body are kept as the server keeps. */
const KEPT = 2_000;

/** What an answer says, asked by a question that is begun; with its status, and the body that was read. */
function answered(op: Op, question: Question, answer: ReceivedAnswer): { ack: Ack; status: number; body: Uint8Array } {
    const read = reader(answer, "answer");
    const status = read("status") as number;
    question.of("answer").value("status", "#", status);
    putHeaders(question, read("headers") as HeadersInput, "answer.headers");
    const body = bytes(read("body") as BodyInput, "answer.body");
    return question.room.length + body.length > LONGEST
        ? { ack: readFailure("answer_too_long"), status, body: bytes(undefined, "") }
        : { ack: ack(op, question, body), status, body };
}

export function readAnswer(provider: Provider, answer: ReceivedAnswer): Reading {
    const { ack, status, body } = answered(Op.ReadAnswer, new Question().text("provider", provider), answer);
    const reading: Reading = { ...ack, status };
    if (body.length > 0) {
        // A character has at most four bytes.
        reading.body = [...text(body.slice(0, KEPT * 4))].slice(0, KEPT).join("");
    }
    return reading;
}

export function readSmsAnswer(answer: ReceivedAnswer): SmsReading {
    return answered(Op.SmsAnswer, new Question(), answer).ack;
}

/** The answer that a `Response` is, read by `read`. */
async function responded<T>(response: PlatformResponse, read: (answer: ReceivedAnswer) => T): Promise<T | Ack> {
    const get = reader(response, "response");
    const answer = { status: get("status") as number, headers: get("headers") as HeadersInput };
    const stream = get("body") as Response["body"] | undefined;
    if (get("bodyUsed") || stream?.locked || typeof get("arrayBuffer") !== "function") {
        throw invalid("response", "expected a `Response` whose body was not read yet: else use `readAnswer`");
    }
    let body: ArrayBuffer;
    try {
        body = await (response as Response).arrayBuffer();
    } catch {
        return readFailure("broken_after_sending");
    }
    return read({ ...answer, body });
}

export function readResponse(provider: Provider, response: PlatformResponse): Promise<Reading> {
    return responded(response, (answer) => readAnswer(provider, answer));
}

export function readSmsResponse(response: PlatformResponse): Promise<SmsReading> {
    return responded(response, readSmsAnswer);
}

export function readFailure(why: SendFailure): Ack {
    return ack(Op.ReadFailure, new Question().text("why", why));
}

/** The reading of an answer, in the names of this package. */
function ack(op: Op, question: Question, body?: string | Uint8Array): Ack {
    return camel(ask(op, question, body)) as unknown as Ack;
}
