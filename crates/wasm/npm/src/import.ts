import type {
    AgentId,
    Entry,
    MessageId,
    MessageRef,
    PhoneNumber,
    Provider,
    Resolution,
    Row,
    RowProblemCode,
    Source,
    SourceId,
    Time,
} from "../types/index.js";
import { bytes } from "./answer.js";
import { invalid, RcsRevokeError } from "./error.js";
import { Held } from "./held.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { putEntry, putSources } from "./shapes.js";
import { object, own, Question, type Answer } from "./wire.js";

export class Importer extends Held {
    #finished = false;

    constructor() {
        super();
        this.hold(ask(Op.NewImporter).int());
    }

    push(piece: string | Uint8Array): Row[] {
        const handle = this.#unfinished();
        if (typeof piece !== "string" && !ArrayBuffer.isView(piece)) {
            throw invalid("piece", "expected a string or a Uint8Array");
        }
        return rows(ask(Op.Push, undefined, bytes(piece, "piece"), handle));
    }

    finish(): Row[] {
        const handle = this.#unfinished();
        const last = ask(Op.Finish, undefined, undefined, handle);
        this.#finished = true;
        this.release();
        return rows(last);
    }

    #unfinished(): number {
        if (this.#finished) {
            throw new RcsRevokeError("finished", "this importer has reached the end of its text: make a new one");
        }
        return this.handle();
    }
}

/** How much of a text is read in one call: the answer is several times as long. */
const SLICE = 4 * 1024 * 1024;

export function parseImport(text: string | Uint8Array): Row[] {
    const importer = new Importer();
    try {
        if (typeof text === "string" && text.length <= SLICE) {
            const first = importer.push(text);
            const last = importer.finish();
            return last.length === 0 ? first : first.concat(last);
        }
        if (typeof text !== "string" && !ArrayBuffer.isView(text)) {
            throw invalid("text", "expected a string or a Uint8Array");
        }
        const whole = bytes(text, "text");
        const found: Row[][] = [];
        for (let from = 0; from < whole.length; from += SLICE) {
            found.push(importer.push(whole.subarray(from, from + SLICE)));
        }
        found.push(importer.finish());
        return found.flat();
    } finally {
        importer.free();
    }
}

const DUPLICATE = 1;
const PROBLEM = 2;
const HAS_PROVIDER = 4;
const HAS_AGENT = 8;
const HAS_SENDER = 16;
const HAS_PHONE = 32;
const HAS_SENT_AT = 64;

function rows(answer: Answer): Row[] {
    const found: Row[] = [];
    while (answer.more) {
        found.push(row(answer));
    }
    return found;
}

function row(answer: Answer): Row {
    const bits = answer.int();
    const line = answer.int();
    const column = answer.int();
    if (bits & PROBLEM) {
        const code = answer.text<RowProblemCode>();
        return { line, column, row: "problem", code, message: answer.text(), text: answer.text() };
    }
    const read =
        bits & DUPLICATE
            ? { line, column, row: "duplicate" as const, ofLine: answer.int(), id: answer.text<MessageId>() }
            : { line, column, row: "entry" as const, id: answer.text<MessageId>() };
    const entry: Row & Entry = read;
    if (bits & HAS_PROVIDER) entry.provider = answer.text<Provider>();
    if (bits & HAS_AGENT) entry.agent = answer.text<AgentId>();
    if (bits & HAS_SENDER) entry.sender = answer.text();
    if (bits & HAS_PHONE) entry.phone = answer.text<PhoneNumber>();
    if (bits & HAS_SENT_AT) entry.sentAt = answer.int();
    return entry;
}

export function resolveEntry(
    entry: Entry<Time>,
    sources: readonly Source[],
    known?: { source: string; hasRecipient: boolean },
): Resolution {
    const question = putEntry(new Question(), entry, "entry").of("known");
    if (known === undefined || known === null) {
        question.put("source", undefined).put("hasRecipient", undefined);
    } else {
        const fields = object(known, "known");
        question.text("source", own(fields, "source"));
        question.value("hasRecipient", "flag?", own(fields, "hasRecipient"));
    }
    const answer = ask(Op.Resolve, putSources(question.of(""), sources, "sources"));
    const resolution = answer.text<Resolution["resolution"]>();
    switch (resolution) {
        case "ready":
            return { resolution, message: answer.text<MessageRef>(), source: answer.text<SourceId>() };
        case "choose":
            return { resolution, candidates: answer.rest<SourceId>() };
        case "problem":
            return { resolution, code: answer.text(), message: answer.text() };
    }
}
