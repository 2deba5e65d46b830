import type { Entry, Resolution, Row, Source, Time } from "../types/import.js";
import { ask, askNumber, importing } from "./importing.js";
import { Op } from "./ops.js";
import {
    array,
    bytes,
    handleOf,
    Held,
    hold,
    invalid,
    joined,
    placeOf,
    putSources,
    Question,
    RcsRevokeError,
    shape,
    utf8,
} from "./shared.js";

/** What of a row tells where its message belongs; the rest of it never crosses. */
const ENTRY = shape("id provider? agent? sender? phone? host? source?");
const KNOWN = shape("source !hasRecipient?");

interface Rows {
    rows: Row[];
}

/** What is kept of an importer. */
interface State {
    isFinished: boolean;
    /** The first half of a surrogate pair whose second comes with the next piece. */
    half: string;
}

export class Importer extends Held {
    constructor() {
        super();
        hold(this, "Importer", importing, askNumber(Op.NewImporter), { isFinished: false, half: "" });
    }

    push(piece: string | Uint8Array): Row[] {
        return push(this, content(piece, "piece"));
    }

    finish(): Row[] {
        const place = unfinished(this);
        const rows = place.half === "" ? [] : push(this, utf8(""));
        rows.push(...ask<Rows>(Op.Finish, undefined, undefined, handleOf(place)).rows);
        place.isFinished = true;
        place.handle = undefined;
        return rows;
    }
}

function unfinished(importer: unknown): ReturnType<typeof placeOf<State>> {
    const place = placeOf<State>(importer, "Importer");
    if (place.isFinished) {
        throw new RcsRevokeError("finished", "this importer has reached the end of its text: make a new one");
    }
    handleOf(place);
    return place;
}

/** A text of the caller, or bytes of one. */
function content(value: string | Uint8Array, path: string): string | Uint8Array {
    if (typeof value !== "string" && !ArrayBuffer.isView(value)) {
        throw invalid(path, "expected a string or a Uint8Array");
    }
    return typeof value === "string" ? value : bytes(value, path);
}

function push(importer: Importer, piece: string | Uint8Array): Row[] {
    const place = unfinished(importer);
    let body = piece;
    let half = "";
    if (typeof body === "string") {
        body = place.half + body;
        const last = body.slice(-1);
        half = /[\ud800-\udbff]/.test(last) ? last : "";
        body = body.slice(0, body.length - half.length);
    } else if (place.half !== "") {
        body = joined(utf8(place.half), body);
    }
    const { rows } = ask<Rows>(Op.Push, undefined, body, handleOf(place));
    place.half = half;
    return rows;
}

/** How much of a text is read in one call: the answer is several times as long. */
const SLICE = 4 * 1024 * 1024;

export function parseImport(text: string | Uint8Array): Row[] {
    const importer = new Importer();
    try {
        const whole = content(text, "text");
        const found: Row[][] = [];
        for (let from = 0; from < whole.length; from += SLICE) {
            found.push(push(importer, whole.slice(from, from + SLICE)));
        }
        found.push(importer.finish());
        return found.flat();
    } finally {
        importer.free();
    }
}

/** What is known of a message already. */
type Known = { source: string; hasRecipient: boolean } | undefined;

export function resolveEntry(entry: Entry<Time>, sources: readonly Source[], known?: Known): Resolution {
    return resolve([entry], sources, [known], "")[0]!;
}

export function resolveEntries(
    entries: readonly Entry<Time>[],
    sources: readonly Source[],
    known?: readonly Known[],
): Resolution[] {
    return resolve(array(entries, "entries"), sources, array(known ?? [], "known"));
}

/** Resolves entries; a `single` one stands at no place of a list. */
function resolve(entries: readonly unknown[], sources: unknown, known: readonly unknown[], single?: ""): Resolution[] {
    const question = putSources(new Question(), sources);
    question.list("entries", entries, (entry, index) => {
        const place = single ?? `[${index}]`;
        question.object(single === undefined ? `entries${place}` : "entry", entry, ENTRY);
        const one = known[index] ?? undefined;
        if (one === undefined) {
            question.put("source").put("hasRecipient");
        } else {
            question.object(`known${place}`, one, KNOWN);
        }
    });
    return ask<{ list: Resolution[] }>(Op.Resolve, question).list;
}
