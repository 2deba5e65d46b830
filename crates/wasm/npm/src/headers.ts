// Headers of the caller.

import type { HeadersInput } from "../types/index.js";
import { invalid } from "./error.js";
import { array, reading, type Question } from "./wire.js";

/** Writes headers of the caller, whatever the platform has them in. */
export function putHeaders(question: Question, value: HeadersInput | undefined | null, path: string): Question {
    if (value === undefined || value === null) {
        return question;
    }
    if (typeof value !== "object") {
        throw invalid(path, "expected headers");
    }
    reading(path, () => putAll(question, value, path));
    return question.of("");
}

function putAll(question: Question, value: HeadersInput, path: string): void {
    const put = (name: unknown, value: unknown) => question.of(path).text("", name).text(String(name), value);
    if (Array.isArray(value)) {
        array(value, path).forEach((pair, index) => {
            const [name, text] = array(pair, `${path}[${index}]`);
            put(name, text);
        });
    } else if (typeof (value as Headers).forEach === "function") {
        (value as Headers).forEach((text, name) => put(name, text));
    } else {
        for (const name of Object.keys(value)) {
            const text = (value as Readonly<Record<string, unknown>>)[name];
            for (const one of Array.isArray(text) ? text : text === undefined ? [] : [text]) {
                put(name, one);
            }
        }
    }
}
