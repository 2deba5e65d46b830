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
    if (!read(provider, texts.join("\n"), texts as MessageId[], from, parsed)) {
        const onOneLine = texts.map((text) => (text as string).replaceAll("\n", "\ufffd"));
        read(provider, onOneLine.join("\n"), texts as MessageId[], from, parsed);
    }
}

/** Reads one id on each line, unless there are not as many lines as ids. */
function read(provider: Provider, joined: string, ids: MessageId[], from: number, parsed: ParsedMessageIds): boolean {
    const answer = ask(Op.ParseMessageIds, new Question().text("provider", provider), utf8(joined, "texts"));
    const invalid: ParsedMessageIds["invalid"] = [];
    const rewritten: [index: number, id: MessageId][] = [];
    for (;;) {
        const index = answer.int();
        if (!answer.more) {
            if (index !== ids.length) {
                return false;
            }
            break;
        }
        const id = answer.opt();
        const message = answer.opt();
        if (id === undefined) {
            invalid.push({ index: from + index, message: message ?? "" });
        } else {
            rewritten.push([index, id as MessageId]);
        }
    }
    for (const [index, id] of rewritten) {
        ids[index] = id;
    }
    if (invalid.length === 0) {
        parsed.ids = from === 0 ? ids : parsed.ids.concat(ids);
        return true;
    }
    let next = 0;
    for (let index = 0; index < ids.length; index += 1) {
        if (invalid[next]?.index === from + index) {
            next += 1;
        } else {
            parsed.ids.push(ids[index]!);
        }
    }
    parsed.invalid = parsed.invalid.concat(invalid);
    return true;
}

export function messageRef(parts: { provider: Provider; agent?: string; id: string }): MessageRef {
    const fields = object(parts, "parts");
    const question = new Question().of("parts").text("provider", own(fields, "provider"));
    question.value("agent", "text?", own(fields, "agent"));
    return ask(Op.MessageRef, question.text("id", own(fields, "id"))).text();
}
