import type { OutcomeCode, OutcomeInfo, Sentence, Timestamp } from "../types/index.js";
import { ask } from "./core.js";
import { Op } from "./ops.js";
import { array, millis, Question, reader } from "./shared.js";

export function outcomeInfo(code: OutcomeCode): OutcomeInfo {
    return ask(Op.OutcomeInfo, new Question().text("code", code));
}

export function sentenceText(
    sentence: Sentence,
    showTime?: (time: Timestamp) => string,
): string {
    const show = typeof showTime === "function" ? showTime : inUtc;
    const pieces = array(sentence, "sentence").map((piece, index) => {
        const path = `sentence[${index}]`;
        return typeof piece === "string" ? piece : show(millis(reader(piece, path)("time"), `${path}.time`));
    });
    return pieces.join("");
}

function inUtc(time: Timestamp): string {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}
