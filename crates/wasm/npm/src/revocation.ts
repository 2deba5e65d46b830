import type {
    Assessment,
    EvidenceJson,
    Explanation,
    Fact,
    Host,
    KnownMessage,
    MessageRef,
    Outcome,
    PhoneNumber,
    RevocationContext,
    Step,
    Time,
} from "../types/index.js";
import { invalid, RcsRevokeError } from "./error.js";
import { Held } from "./held.js";
import { camel } from "./json.js";
import { ask, askText } from "./module.js";
import { Op } from "./ops.js";
import { assessment, explanation } from "./outcome.js";
import { putFact, putPolicy, putSource } from "./shapes.js";
import { array, defined, millis, object, own, Question, string } from "./wire.js";

export class Revocation extends Held {
    #message: MessageRef;
    /** What was derived last, and from when until when it holds. */
    #last: { assessment: Assessment; from: number; until: number } | undefined;

    constructor(message: MessageRef, context: RevocationContext) {
        super();
        const answer = ask(Op.NewRevocation, putContext(new Question().text("message", message), context));
        this.hold(answer.int());
        this.#message = answer.text();
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
        return ask(Op.Size, undefined, undefined, this.handle()).int();
    }

    setContext(context: RevocationContext): void {
        const handle = this.handle();
        ask(Op.SetContext, putContext(new Question(), context), undefined, handle);
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
        const question = new Question().put("other", `${other.handle()}`);
        ask(Op.Merge, question, undefined, this.handle());
        this.#last = undefined;
    }

    facts(): Fact[] {
        return this.toJSON().facts.map((fact) => camel(fact) as unknown as Fact);
    }

    known(): KnownMessage {
        const answer = ask(Op.Known, undefined, undefined, this.handle());
        return defined({
            recipient: answer.opt() as PhoneNumber | undefined,
            sentAt: answer.optInt(),
            firstHeard: answer.optInt(),
            class: answer.opt(),
            host: answer.opt() as Host | undefined,
            horizon: answer.optInt(),
            endIsKnown: answer.int() === 1,
            windowCloses: answer.optInt(),
        }) as KnownMessage;
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
        const derived = assessment(ask(Op.Assess, undefined, undefined, handle, at));
        // Given out again until a fact or an instant may change it: nobody can change it meanwhile.
        Object.freeze(derived.outcome.flags);
        Object.freeze(derived.outcome);
        Object.freeze(derived.step);
        Object.freeze(derived);
        this.#last = { assessment: derived, from: at, until: derived.lookAgainAt ?? Infinity };
        return derived;
    }

    explain(now?: Time): Explanation {
        return explanation(ask(Op.Explain, undefined, undefined, this.handle(), instant(now)));
    }

    toJSON(): EvidenceJson {
        return JSON.parse(askText(Op.Json, undefined, undefined, this.handle())) as EvidenceJson;
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

