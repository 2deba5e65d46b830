import type { Entry, Resolution, Row, Source, Time } from "../types/index.js";
import { bytes, content } from "./answer.js";
import { invalid, RcsRevokeError } from "./error.js";
import { Held } from "./held.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { putEntry, putSources } from "./shapes.js";
import { object, Question, shape } from "./wire.js";

const KNOWN = shape("source !hasRecipient?");

interface Rows {
    rows: Row[];
}

export class Importer extends Held {
    #finished = false;

    constructor() {
        super();
        this.hold(ask<number>(Op.NewImporter));
    }

    push(piece: string | Uint8Array): Row[] {
        const handle = this.#unfinished();
        if (typeof piece !== "string" && !ArrayBuffer.isView(piece)) {
            throw invalid("piece", "expected a string or a Uint8Array");
        }
        return ask<Rows>(Op.Push, undefined, content(piece, "piece"), handle).rows;
    }

    finish(): Row[] {
        const handle = this.#unfinished();
        const { rows } = ask<Rows>(Op.Finish, undefined, undefined, handle);
        this.#finished = true;
        this.release();
        return rows;
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

export function resolveEntry(
    entry: Entry<Time>,
    sources: readonly Source[],
    known?: { source: string; hasRecipient: boolean },
): Resolution {
    const question = putEntry(new Question(), entry, "entry").of("known");
    if (known === undefined || known === null) {
        question.put("source").put("hasRecipient");
    } else {
        question.fields(object(known, "known"), KNOWN);
    }
    return ask(Op.Resolve, putSources(question.of(""), sources, "sources"));
}
