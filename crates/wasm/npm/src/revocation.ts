import type {
    Assessment,
    EvidenceJson,
    Explanation,
    Fact,
    KnownMessage,
    MessageRef,
    Outcome,
    RevocationContext,
    Step,
    Time,
} from "../types/index.js";
import { invalid, RcsRevokeError } from "./error.js";
import { Held } from "./held.js";
import { camel } from "./json.js";
import { ask, askText } from "./module.js";
import { Op } from "./ops.js";
import { putFact, putPolicy, putSource } from "./shapes.js";
import { array, millis, object, own, Question, string } from "./wire.js";

export class Revocation extends Held {
    #message: MessageRef;
    /** What was derived last, and from when until when it holds. */
    #last: { assessment: Assessment; from: number; until: number } | undefined;

    constructor(message: MessageRef, context: RevocationContext) {
        super();
        const question = putContext(new Question().text("message", message), context);
        const made = ask<{ handle: number; message: MessageRef }>(Op.NewRevocation, question);
        this.hold(made.handle);
        this.#message = made.message;
    }

    static fromJSON(json: EvidenceJson | string, context: RevocationContext): Revocation {
        const evidence = object(typeof json === "string" ? parsed(json) : json, "json");
        const facts = array(own(evidence, "facts"), "json.facts");
        const message = string(own(evidence, "message"), "json.message") as MessageRef;
        const revocation = new Revocation(message, context);
        try {
            facts.forEach((fact, index) => {
                const path = `json.facts[${index}]`;
                revocation.#record(camel(object(fact, path)), path);
            });
        } catch (error) {
            revocation.free();
            throw error;
        }
        return revocation;
    }

    get message(): MessageRef {
        return this.#message;
    }

    get size(): number {
        return ask(Op.Size, undefined, undefined, this.handle());
    }

    setContext(context: RevocationContext): void {
        const handle = this.handle();
        askText(Op.SetContext, putContext(new Question(), context), undefined, handle);
        this.#last = undefined;
    }

    record(fact: Fact<Time>): boolean {
        return this.#record(fact, "fact");
    }

    #record(fact: unknown, path: string): boolean {
        const handle = this.handle();
        const changed = askText(Op.Record, putFact(new Question(), fact, path), undefined, handle) !== "";
        if (changed) {
            this.#last = undefined;
        }
        return changed;
    }

    merge(other: Revocation): void {
        if (!(other instanceof Revocation)) {
            throw invalid("other", "expected a Revocation");
        }
        const facts = other.facts();
        this.handle();
        if (other.message !== this.message) {
            throw new RcsRevokeError("other_message", "evidence of two messages is never merged");
        }
        for (const fact of facts) {
            this.record(fact);
        }
    }

    facts(): Fact[] {
        return this.toJSON().facts.map((fact) => camel(fact) as unknown as Fact);
    }

    known(): KnownMessage {
        return ask(Op.Known, undefined, undefined, this.handle());
    }

    outcome(now?: Time): Outcome {
        return this.assess(now).outcome;
    }

    nextStep(now?: Time): Step {
        return this.assess(now).step;
    }

    assess(now?: Time): Assessment {
        const handle = this.handle();
        const at = instant(now);
        const last = this.#last;
        if (last && last.from <= at && at < last.until) {
            return last.assessment;
        }
        const derived = ask<Assessment>(Op.Assess, undefined, undefined, handle, at);
        // Given out again until a fact or an instant may change it: nobody can change it meanwhile.
        Object.freeze(derived.outcome.flags);
        Object.freeze(derived.outcome);
        Object.freeze(derived.step);
        Object.freeze(derived);
        this.#last = { assessment: derived, from: at, until: derived.lookAgainAt ?? Infinity };
        return derived;
    }

    explain(now?: Time): Explanation {
        return ask(Op.Explain, undefined, undefined, this.handle(), instant(now));
    }

    toJSON(): EvidenceJson {
        return ask(Op.Json, undefined, undefined, this.handle());
    }
}

function instant(now: Time | undefined): number {
    return now === undefined ? Date.now() : millis(now, "now");
}

function putContext(question: Question, context: RevocationContext): Question {
    const fields = object(context, "context");
    putSource(question, own(fields, "source"), "context.source");
    return putPolicy(question, own(fields, "policy"), "context.policy");
}

function parsed(json: string): unknown {
    try {
        return JSON.parse(json);
    } catch (cause) {
        throw new RcsRevokeError("invalid_argument", "no JSON", { path: "json", cause });
    }
}

