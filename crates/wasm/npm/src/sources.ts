// A source as it crosses the boundary; see `crates/boundary/src/read.rs`.

import { array, Question, shape } from "./wire.js";

export const SOURCE = shape(
    "id provider agent? sender? application? host? launchCountry? learnt*? &sms? revokeAck? @listeningSince?",
);

/** Writes several sources. */
export function putSources(question: Question, value: unknown): Question {
    const write = (source: unknown, index: number) => {
        question.object(`sources[${index}]`, source, SOURCE);
    };
    return question.list("sources", array(value, "sources"), write);
}
