import type { IdKinds, MessageId, MessageRef, ParsedMessageIds, Provider } from "../types/index.js";
import { ask, askText, utf8 } from "./module.js";
import { Op } from "./ops.js";
import { array, object, Question, shape, string } from "./wire.js";

const PARTS = shape("provider agent? id");

export function parseId<Kind extends keyof IdKinds>(kind: Kind, text: string): IdKinds[Kind] {
    return askText(Op.ParseId, new Question().text("kind", kind).text("text", text)) as IdKinds[Kind];
}

export function parseMessageId(provider: Provider, text: string): MessageId {
    return askText(Op.ParseMessageId, new Question().text("provider", provider).text("text", text)) as MessageId;
}

/** Texts in one question: enough to make the call cheap, few enough to keep its memory small. */
const AT_ONCE = 100_000;

export function parseMessageIds(provider: Provider, texts: readonly string[]): ParsedMessageIds {
    const all = array(texts, "texts");
    const parsed: ParsedMessageIds = { ids: [], invalid: [] };
    for (let from = 0; from < all.length; from += AT_ONCE) {
        parseSome(provider, all.slice(from, from + AT_ONCE), from, parsed);
    }
    return parsed;
}

function parseSome(provider: Provider, texts: unknown[], from: number, parsed: ParsedMessageIds): void {
    // Each text has a line of its own; one with a line break inside is no id, and U+FFFD stands for it.
    for (let index = 0; index < texts.length; index += 1) {
        if (typeof texts[index] !== "string") {
            string(texts[index], `texts[${from + index}]`);
        }
    }
    if (!read(provider, texts.join("\n"), texts as MessageId[], from, parsed)) {
        const onOneLine = texts.map((text) => (text as string).replaceAll("\n", "\ufffd"));
        read(provider, onOneLine.join("\n"), texts as MessageId[], from, parsed);
    }
}

/** How many lines there were, and those that are not the very id: what id they are, or why they are none. */
interface Lines {
    lines: number;
    other: { index: number; id?: MessageId; message?: string }[];
}

/** Reads one id on each line, unless there are not as many lines as ids. */
function read(provider: Provider, joined: string, ids: MessageId[], from: number, parsed: ParsedMessageIds): boolean {
    const question = new Question().text("provider", provider);
    const { lines, other } = ask<Lines>(Op.ParseMessageIds, question, utf8(joined, "texts"));
    if (lines !== ids.length) {
        return false;
    }
    const wrong = new Set<number>();
    for (const { index, id, message } of other) {
        if (id !== undefined) {
            ids[index] = id;
        } else {
            wrong.add(index);
            parsed.invalid.push({ index: from + index, message: message ?? "" });
        }
    }
    const right = wrong.size === 0 ? ids : ids.filter((_, index) => !wrong.has(index));
    parsed.ids = from === 0 ? right : parsed.ids.concat(right);
    return true;
}

export function messageRef(parts: { provider: Provider; agent?: string; id: string }): MessageRef {
    const fields = object(parts, "parts");
    return askText(Op.MessageRef, new Question().of("parts").fields(fields, PARTS)) as MessageRef;
}
