import type {
    Assessment,
    Brings,
    Explanation,
    Host,
    Outcome,
    OutcomeCode,
    OutcomeInfo,
    RevokeRefusal,
    Sentence,
    Step,
    Timestamp,
    Verdict,
    WishId,
} from "../types/index.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { array, millis, object, own, Question, type Answer } from "./wire.js";

const READ = 1;
const RACED = 2;
const CONTRADICTS = 4;
const UNKNOWN_WORD = 8;
const REGISTRATIONS_DIFFER = 16;
const PHONE_MISMATCH = 32;

/** An outcome as it comes from the module. */
export function outcome(answer: Answer): Outcome {
    const code = answer.text<OutcomeCode>();
    const at = answer.optInt();
    const word = answer.opt();
    const bits = answer.int();
    const what = verdict(code, at, word, bits) as Outcome;
    if (bits >= UNKNOWN_WORD) {
        what.flags = {};
        if (bits & UNKNOWN_WORD) what.flags.unknownWord = true;
        if (bits & REGISTRATIONS_DIFFER) what.flags.registrationsDiffer = true;
        if (bits & PHONE_MISMATCH) what.flags.phoneMismatch = true;
    }
    return what;
}

function verdict(code: OutcomeCode, at: number | undefined, word: string | undefined, bits: number): Verdict {
    switch (code) {
        case "delivered": {
            const delivered: Verdict = { outcome: code, at: at ?? 0 };
            if (bits & READ) delivered.read = true;
            if (bits & RACED) delivered.raced = true;
            if (bits & CONTRADICTS) delivered.contradicts = true;
            if (word) delivered.duplicate = word as "yes" | "possible";
            return delivered;
        }
        case "revoked":
            return { outcome: code, proof: word as "event" | "answer" };
        case "not_delivered":
            return { outcome: code, code: word ?? "" };
        case "settling":
            return { outcome: code, until: at ?? 0 };
        case "inconclusive":
            return { outcome: code, why: word as "expiry" | "not_found" | "effect_unknown" };
        case "planned":
            return at === undefined ? { outcome: code } : { outcome: code, notBefore: at };
        case "refused":
            return { outcome: code, reason: word as RevokeRefusal };
        default:
            return { outcome: code };
    }
}

/** An assessment as it comes from the module. */
export function assessment(answer: Answer): Assessment {
    const what = outcome(answer);
    const lookAgainAt = answer.optInt();
    const next = step(answer);
    return lookAgainAt === undefined ? { outcome: what, step: next } : { outcome: what, step: next, lookAgainAt };
}

function step(answer: Answer): Step {
    const step = answer.text<Step["step"]>();
    switch (step) {
        case "send":
            return { step, wish: answer.text<WishId>(), attempt: answer.int(), host: answer.text<Host>() };
        case "wait_until":
            return { step, at: answer.int(), brings: answer.text<Brings>() };
        case "ask_operator":
            return { step, question: answer.text<"recipient">() };
        case "done":
            return { step };
    }
}

/** An explanation as it comes from the module. */
export function explanation(answer: Answer): Explanation {
    const what = outcome(answer);
    const short = sentence(answer);
    const long = sentence(answer);
    const notes = Array.from({ length: answer.int() }, () => sentence(answer));
    return { outcome: what, short, sentence: long, notes, cites: answer.rest() };
}

function sentence(answer: Answer): Sentence {
    return Array.from({ length: answer.int() }, () => {
        const text = answer.opt();
        const time = answer.optInt();
        return text ?? { time: time ?? 0 };
    });
}

export function outcomeInfo(code: OutcomeCode): OutcomeInfo {
    const answer = ask(Op.OutcomeInfo, new Question().text("code", code));
    return {
        code,
        label: answer.text(),
        tone: answer.text<OutcomeInfo["tone"]>(),
        sureness: answer.text<OutcomeInfo["sureness"]>(),
        rank: answer.int() as OutcomeInfo["rank"],
    };
}

export function sentenceText(
    sentence: Sentence,
    showTime: (time: Timestamp) => string = inUtc,
): string {
    const pieces = array(sentence, "sentence").map((piece, index) => {
        const path = `sentence[${index}]`;
        return typeof piece === "string" ? piece : showTime(millis(own(object(piece, path), "time"), `${path}.time`));
    });
    return pieces.join("");
}

function inUtc(time: Timestamp): string {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}
