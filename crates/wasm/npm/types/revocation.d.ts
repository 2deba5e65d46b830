import type { Fact } from "./fact.js";
import type { Fallback, FallbackRequest, SentSms } from "./fallback.js";
import type { MessageRef, PhoneNumber, Time, Timestamp } from "./ids.js";
import type { Assessment, Explanation, Outcome, Step } from "./outcome.js";
import type { Host, Policy, Source } from "./source.js";

declare global {
    // As TypeScript's own `esnext.disposable` has it, for projects that do not list it.
    interface SymbolConstructor {
        readonly dispose: unique symbol;
    }
}

/**
 * The JSON form of evidence, the same as the server's: keep it, send it, merge it.
 *
 * @example
 * ```ts
 * const json: EvidenceJson = revocation.toJSON();
 * await keep(json.message, JSON.stringify(json));
 * ```
 */
export interface EvidenceJson {
    message: string;
    facts: EvidenceJsonFact[];
}

/**
 * One fact in its JSON form: names in `snake_case`, times in milliseconds since 1970.
 *
 * @example
 * ```ts
 * const kinds = revocation.toJSON().facts.map((fact: EvidenceJsonFact) => fact.fact);
 * ```
 */
export interface EvidenceJsonFact {
    fact: Fact["fact"];
    [field: string]: string | number | boolean | null | { [field: string]: string | number };
}

/**
 * What a {@link Revocation} is judged by.
 *
 * @example
 * ```ts
 * const context: RevocationContext = { source, policy: { ...defaultPolicy("vonage"), class: "otp" } };
 * ```
 */
export interface RevocationContext {
    /** The sender of the message. */
    source: Source;
    /** The figures; the provider's defaults unless given. */
    policy?: Policy | undefined;
}

/**
 * What the facts tell about the message itself.
 *
 * @example
 * ```ts
 * const { recipient, windowCloses }: KnownMessage = revocation.known();
 * ```
 */
export interface KnownMessage {
    /** The recipient: as registered, else as an event names it. */
    recipient?: PhoneNumber;
    sentAt?: Timestamp;
    /** When it was first heard of. */
    firstHeard?: Timestamp;
    class?: string;
    /** The host that holds it: as registered, else the last that accepted a revocation. */
    host?: Host;
    /** The end of its own life. */
    horizon?: Timestamp;
    /** Whether that end is really known. */
    endIsKnown: boolean;
    /** The last moment at which a revocation may be asked for. */
    windowCloses?: Timestamp;
}

/**
 * Everything known of one message, and what it means.
 *
 * A set of facts: recording one twice, late or in another order never matters. It asks no network and keeps
 * nothing: send what {@link nextStep} says, record what happened, keep {@link toJSON}.
 *
 * All its facts live in memory, the raw events and bodies too: shorten what you do not need. When the module runs out
 * of it, that call throws `internal`, and every object made before says `freed`: make it again from the JSON that you
 * keep.
 *
 * It holds memory of the WebAssembly module, which is given back by {@link free}, by `using`, or by the garbage
 * collector some time after the object is out of reach.
 *
 * @example
 * ```ts
 * using revocation = new Revocation(message, { source });
 * revocation.record({ fact: "requested", wish: parseId("wish", "rev_1"), by: "ops", at: new Date() });
 * const step = revocation.nextStep();
 * if (step.step === "send") {
 *     const { wish, attempt, host } = step;
 *     revocation.record({ fact: "attempted", wish, attempt, host, begunAt: Date.now() });
 *     const response = await fetch(toRequest(buildRevokeRequest({ message, host }), { authorization }));
 *     revocation.record({ fact: "answered", attempt, ...(await readResponse("vonage", response)), at: Date.now() });
 * }
 * console.log(sentenceText(revocation.explain().sentence));
 * ```
 */
export class Revocation {
    /** @throws {@link RcsRevokeError} `invalid_id`, `invalid_source`, `invalid_argument`. */
    constructor(message: MessageRef, context: RevocationContext);

    /**
     * Reads what {@link toJSON} gave, here or in the server. What a newer version wrote and this one does not know, a
     * kind of fact or a field, is refused with its place: it would be lost in {@link toJSON}.
     *
     * @example
     * ```ts
     * using revocation = Revocation.fromJSON(await load(key), { source });
     * ```
     *
     * @param json The value, or its text: `message` and `facts`, with the JSON's own names, such as `begun_at`.
     * @throws {@link RcsRevokeError} `invalid_argument`, with the place of what is wrong.
     */
    static fromJSON(json: EvidenceJson | string, context: RevocationContext): Revocation;

    /** The message that all this is about. */
    readonly message: MessageRef;

    /** How many facts there are. */
    readonly size: number;

    /**
     * The source and the figures it is judged by from now on, such as hosts learnt since.
     *
     * @example
     * ```ts
     * revocation.setContext({ source: { ...source, learnt: ["vonage.eu"] } });
     * ```
     */
    setContext(context: RevocationContext): void;

    /**
     * Adds a fact, and says whether that changed anything: of two facts with one key, the smaller by time and JSON
     * stays, whichever came first.
     *
     * @example
     * ```ts
     * const isNews = revocation.record({ fact: "requested", wish: parseId("wish", "rev_1"), by: "ops", at: new Date() });
     * ```
     *
     * @throws {@link RcsRevokeError} `invalid_argument`, `invalid_phone`, `invalid_id`.
     */
    record(fact: Fact<Time>): boolean;

    /**
     * Adds many facts, all or none of them, and says how many changed anything.
     *
     * @example
     * ```ts
     * const facts: Fact[] = JSON.parse(text);
     * const news = revocation.recordAll(facts);
     * ```
     *
     * @throws {@link RcsRevokeError} As {@link record}; `path` says which, such as `facts[7].at`.
     */
    recordAll(facts: readonly Fact<Time>[]): number;

    /**
     * Adds all facts of the same message from elsewhere.
     *
     * @example
     * ```ts
     * using other = Revocation.fromJSON(json, { source });
     * revocation.merge(other);
     * ```
     *
     * @throws {@link RcsRevokeError} `other_message`.
     */
    merge(other: Revocation): void;

    /**
     * All facts, in the order of their keys.
     *
     * @example
     * ```ts
     * const events = revocation.facts().filter((fact) => fact.fact === "event");
     * ```
     */
    facts(): Fact[];

    /**
     * What the facts tell about the message itself.
     *
     * @example
     * ```ts
     * const { recipient, host } = revocation.known();
     * ```
     */
    known(): KnownMessage;

    /**
     * What became of the message.
     *
     * @example
     * ```ts
     * const { outcome } = revocation.outcome(); // "settling", then "presumed_revoked", "revoked" or "delivered"
     * ```
     *
     * @param now Default: the platform's clock.
     */
    outcome(now?: Time): Outcome;

    /**
     * What comes next.
     *
     * @example
     * ```ts
     * const step = revocation.nextStep();
     * if (step.step === "wait_until") {
     *     setTimeout(lookAgain, step.at - Date.now());
     * }
     * ```
     *
     * @param now Default: the platform's clock.
     */
    nextStep(now?: Time): Step;

    /**
     * Both, and when to look again.
     *
     * @example
     * ```ts
     * const { outcome, step, lookAgainAt } = revocation.assess();
     * ```
     *
     * @param now Default: the platform's clock.
     */
    assess(now?: Time): Assessment;

    /**
     * Why the outcome is what it is, in sentences.
     *
     * @example
     * ```ts
     * const { sentence, notes } = revocation.explain();
     * console.log([sentence, ...notes].map((each) => sentenceText(each)).join(" "));
     * ```
     *
     * @param now Default: the platform's clock.
     */
    explain(now?: Time): Explanation;

    /**
     * What is to be done about an SMS instead, why, and what it may duplicate.
     *
     * @example
     * ```ts
     * const { offer, what, risk } = revocation.fallback();
     * console.log(offer, sentenceText(what), sentenceText(risk));
     * ```
     *
     * @param now Default: the platform's clock.
     */
    fallback(now?: Time): Fallback;

    /**
     * The request for the next SMS, whether it is to leave or only shown. It is built once: sent twice, it sends two
     * SMS.
     *
     * @example
     * ```ts
     * if (revocation.assess().sms !== undefined) {
     *     const { fallback, via, ...built } = revocation.smsRequest();
     *     const request = toRequest(built, { authorization: `Bearer ${await vonageToken()}` }); // of the source `via`
     *     revocation.record({ fact: "fallback_intended", fallback, request: built.body ?? "", at: Date.now() });
     *     await keep(revocation);
     *     const reading = await readSmsResponse(await fetch(request));
     *     revocation.record({ fact: "fallback_answered", fallback, ...reading, at: Date.now() });
     * }
     * ```
     *
     * @param now Default: the platform's clock. It waits for its phone until its content is stale.
     * @throws {@link RcsRevokeError} `recipient_missing`, `sender_missing`, `text_missing`; `wrong_host` and
     * `invalid_argument` where Vonage would not take it.
     */
    smsRequest(now?: Time): FallbackRequest;

    /**
     * The SMS that were to leave, by their numbers, and what became of each.
     *
     * @example
     * ```ts
     * const last = revocation.sent().at(-1);
     * if (last?.sms === "maybe_sent") {
     *     console.log("nobody knows whether it left");
     * }
     * ```
     *
     * @param now Default: the platform's clock.
     */
    sent(now?: Time): SentSms[];

    /**
     * The JSON form, for `JSON.stringify` and {@link fromJSON}.
     *
     * @example
     * ```ts
     * await keep(revocation.message, JSON.stringify(revocation));
     * ```
     */
    toJSON(): EvidenceJson;

    /**
     * Gives its memory back. Everything else throws `freed` from then on; calling it again does nothing.
     *
     * @example
     * ```ts
     * revocation.free();
     * ```
     */
    free(): void;

    /** The same as {@link free}, for `using`. A polyfill of `Symbol.dispose` must run before this package. */
    [Symbol.dispose](): void;
}
