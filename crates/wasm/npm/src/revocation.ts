import type {
    Assessment,
    EvidenceJson,
    Explanation,
    Fact,
    Fallback,
    FallbackRequest,
    KnownMessage,
    MessageRef,
    Outcome,
    RevocationContext,
    SentSms,
    Step,
    Time,
} from "../types/index.js";
import { ask, askNumber, core } from "./core.js";
import { camel } from "./json.js";
import { Op } from "./ops.js";
import { POLICY, putFact } from "./shapes.js";
import {
    array,
    handleOf,
    Held,
    hold,
    millis,
    only,
    placeOf,
    Question,
    RcsRevokeError,
    reader,
    reading,
    SOURCE,
    string,
} from "./shared.js";

/** What is kept of a revocation. */
interface State {
    message: MessageRef;
    /** What was derived last, and from when until when it holds. */
    last: { assessment: Assessment; from: number; until: number } | undefined;
}

function stateOf(revocation: unknown, path?: string): ReturnType<typeof placeOf<State>> {
    return placeOf<State>(revocation, "Revocation", path);
}

/** The same, unless it was freed. */
function alive(revocation: unknown, path?: string): ReturnType<typeof stateOf> {
    const state = stateOf(revocation, path);
    handleOf(state);
    return state;
}

/** Asks about the facts as they are. */
function about<T>(revocation: unknown, op: Op, now?: number): T {
    return ask(op, undefined, undefined, handleOf(stateOf(revocation)), now);
}

/** Asks about the facts as they are, as of an instant. */
function asOf<T>(revocation: unknown, op: Op, now: Time | undefined): T {
    alive(revocation);
    return about(revocation, op, instant(now));
}

/** Records facts, all or none, and gives how many changed anything. */
function record(revocation: Revocation, facts: readonly unknown[], path: (index: number) => string, isJson = false): number {
    const state = alive(revocation);
    const question = new Question(isJson);
    question.list("facts", facts, (fact, index) => putFact(question, fact, path(index)));
    const changed = askNumber(Op.Record, question, undefined, handleOf(state));
    if (changed > 0) {
        state.last = undefined;
    }
    return changed;
}

function assess(revocation: Revocation, now: Time | undefined): Assessment {
    const state = alive(revocation);
    const at = instant(now);
    const { last } = state;
    if (last && last.from <= at && at < last.until) {
        return last.assessment;
    }
    const derived = about<Assessment>(revocation, Op.Assess, at);
    // Given out again until a fact or an instant may change it: nobody can change it meanwhile.
    Object.freeze(derived.outcome.flags);
    Object.freeze(derived.outcome);
    Object.freeze(derived.step);
    if (derived.step.step === "request") {
        Object.freeze(derived.step.requested);
    }
    Object.freeze(derived);
    state.last = { assessment: derived, from: at, until: derived.lookAgainAt ?? Infinity };
    return derived;
}

export class Revocation extends Held {
    constructor(message: MessageRef, context: RevocationContext) {
        super();
        const question = putContext(new Question().text("message", message), context);
        const made = ask<{ handle: number; message: MessageRef }>(Op.NewRevocation, question);
        hold(this, "Revocation", core, made.handle, { message: made.message, last: undefined });
    }

    static fromJSON(json: EvidenceJson | string, context: RevocationContext): Revocation {
        const evidence = typeof json === "string" ? reading("json", () => JSON.parse(json), "no JSON") : json;
        const read = reader(evidence, "json");
        only(["message", "facts"], evidence, "json");
        const facts = array(read("facts"), "json.facts");
        const message = string(read("message"), "json.message") as MessageRef;
        const revocation = new Revocation(message, context);
        try {
            record(revocation, facts, (index) => `json.facts[${index}]`, true);
        } catch (error) {
            revocation.free();
            throw error;
        }
        return revocation;
    }

    get message(): MessageRef {
        return stateOf(this).message;
    }

    get size(): number {
        return askNumber(Op.Size, undefined, undefined, handleOf(stateOf(this)));
    }

    setContext(context: RevocationContext): void {
        const state = alive(this);
        const question = putContext(new Question(), context);
        askNumber(Op.SetContext, question, undefined, handleOf(state));
        state.last = undefined;
    }

    record(fact: Fact<Time>): boolean {
        return record(this, [fact], () => "fact") > 0;
    }

    recordAll(facts: readonly Fact<Time>[]): number {
        return record(this, array(facts, "facts"), (index) => `facts[${index}]`);
    }

    merge(other: Revocation): void {
        if (alive(other, "other").message !== alive(this).message) {
            throw new RcsRevokeError("other_message", "evidence of two messages is never merged");
        }
        record(this, about<EvidenceJson>(other, Op.Json).facts, (index) => `other.facts[${index}]`, true);
    }

    facts(): Fact[] {
        return about<EvidenceJson>(this, Op.Json).facts.map((fact) => camel(fact) as unknown as Fact);
    }

    known(): KnownMessage {
        return about(this, Op.Known);
    }

    outcome(now?: Time): Outcome {
        return assess(this, now).outcome;
    }

    nextStep(now?: Time): Step {
        return assess(this, now).step;
    }

    assess(now?: Time): Assessment {
        return assess(this, now);
    }

    explain(now?: Time): Explanation {
        return asOf(this, Op.Explain, now);
    }

    fallback(now?: Time): Fallback {
        return asOf(this, Op.Fallback, now);
    }

    smsRequest(now?: Time): FallbackRequest {
        return asOf(this, Op.FallbackRequest, now);
    }

    sent(now?: Time): SentSms[] {
        return asOf<{ list: SentSms[] }>(this, Op.Sent, now).list;
    }

    toJSON(): EvidenceJson {
        return about(this, Op.Json);
    }
}

function instant(now: Time | undefined): number {
    return now === undefined ? Date.now() : millis(now, "now");
}

function putContext(question: Question, context: RevocationContext): Question {
    const read = reader(context, "context");
    question.object("context.source", read("source"), SOURCE);
    const policy = read("policy") ?? undefined;
    if (policy === undefined) {
        return question.put("policy");
    }
    return question.put("policy", "1").object("context.policy", policy, POLICY);
}
