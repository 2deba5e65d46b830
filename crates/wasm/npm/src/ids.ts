import type { IdKinds, MessageId, MessageRef, ParsedMessageIds, Provider } from "../types/index.js";
import { ask, utf8 } from "./module.js";
import { Op } from "./ops.js";
import { array, object, own, Question, string } from "./wire.js";

export function parseId<Kind extends keyof IdKinds>(kind: Kind, text: string): IdKinds[Kind] {
    return ask(Op.ParseId, new Question().text("kind", kind).text("text", text)).text();
}

export function parseMessageId(provider: Provider, text: string): MessageId {
    return ask(Op.ParseMessageId, new Question().text("provider", provider).text("text", text)).text();
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
    const read = (joined: string) =>
        ask(Op.ParseMessageIds, new Question().text("provider", provider), utf8(joined, "texts"));
    let answer = read(texts.join("\n"));
    if (answer.int() !== texts.length && texts.length > 0) {
        answer = read(texts.map((text) => (text as string).replaceAll("\n", "\ufffd")).join("\n"));
        answer.int();
    }
    if (texts.length === 0) {
        return;
    }
    const ids = texts as MessageId[];
    const { invalid } = parsed;
    const before = invalid.length;
    while (answer.more) {
        const index = answer.int();
        const id = answer.opt();
        const message = answer.opt();
        if (id === undefined) {
            invalid.push({ index: from + index, message: message ?? "" });
        } else {
            ids[index] = id as MessageId;
        }
    }
    if (invalid.length === before) {
        parsed.ids = from === 0 ? ids : parsed.ids.concat(ids);
        return;
    }
    let next = before;
    for (let index = 0; index < ids.length; index += 1) {
        if (invalid[next]?.index === from + index) {
            next += 1;
        } else {
            parsed.ids.push(ids[index]!);
        }
    }
}

export function messageRef(parts: { provider: Provider; agent?: string; id: string }): MessageRef {
    const fields = object(parts, "parts");
    const question = new Question().of("parts").text("provider", own(fields, "provider"));
    question.value("agent", "text?", own(fields, "agent"));
    return ask(Op.MessageRef, question.text("id", own(fields, "id"))).text();
}
