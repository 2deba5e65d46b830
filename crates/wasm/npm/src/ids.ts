import type { IdKinds, MessageId, MessageRef, ParsedMessageIds, Provider } from "../types/index.js";
import { ask, askText } from "./core.js";
import { Op } from "./ops.js";
import { array, Question, shape, string } from "./shared.js";
import { hosts } from "./source.js";

const PARTS = shape("provider agent? id");

export function parseId<Kind extends keyof IdKinds>(kind: Kind, text: string): IdKinds[Kind] {
    return askText(Op.ParseId, new Question().text("kind", kind).text("text", text)) as IdKinds[Kind];
}

export function parseMessageId(provider: Provider, text: string): MessageId {
    return askText(Op.ParseMessageId, new Question().text("provider", provider).text("text", text)) as MessageId;
}

/** Texts in one question: the platform joins and encodes some thousand far faster than all at once. */
const AT_ONCE = 1_000;

/** How many lines there were, and those that are not the very id: what id they are, or why they are none. */
interface Lines {
    lines: number;
    other: { index: number; id?: MessageId; message?: string }[];
}

export function parseMessageIds(provider: Provider, texts: readonly string[]): ParsedMessageIds {
    const ids = array(texts, "texts") as (MessageId | undefined)[];
    const invalid: ParsedMessageIds["invalid"] = [];
    if (ids.length === 0) {
        // Whether there is such a provider.
        hosts(provider);
    }
    for (let from = 0; from < ids.length; from += AT_ONCE) {
        const some = ids.slice(from, from + AT_ONCE) as string[];
        const strange = some.findIndex((text) => typeof text !== "string");
        if (strange >= 0) {
            string(some[strange], `texts[${from + strange}]`);
        }
        for (const { index, id, message } of parseSome(provider, some)) {
            ids[from + index] = id;
            if (message !== undefined) {
                invalid.push({ index: from + index, message });
            }
        }
    }
    return { ids: (invalid.length === 0 ? ids : ids.filter((id) => id !== undefined)) as MessageId[], invalid };
}

/** Reads an id from each text, and gives what is not the very text. */
function parseSome(provider: Provider, texts: string[]): Lines["other"] {
    // Each text has a line of its own; one with a line break inside is no id, and U+FFFD stands for it.
    const question = new Question().text("provider", provider);
    const { lines, other } = ask<Lines>(Op.ParseMessageIds, question, texts.join("\n"));
    return lines === texts.length
        ? other
        : parseSome(provider, texts.map((text) => text.replaceAll("\n", "\ufffd")));
}

export function messageRef(parts: { provider: Provider; agent?: string; id: string }): MessageRef {
    return askText(Op.MessageRef, new Question().object("parts", parts, PARTS)) as MessageRef;
}
