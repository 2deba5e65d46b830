import type { Span } from "./ids.js";
import type { MessageClass } from "./request.js";

/**
 * What is done about an SMS at an outcome: it leaves by itself `now`; the message is asked for once more and then it
 * leaves (`revoke_again`); it leaves once `fallbackBy` has passed (`at_fallback_by`); it is left to a person
 * (`by_hand`); it is not offered (`no`).
 *
 * @example
 * ```ts
 * const isAutomatic = (cell: Cell) => cell !== "by_hand" && cell !== "no";
 * ```
 */
export type Cell = "now" | "revoke_again" | "at_fallback_by" | "by_hand" | "no";

/**
 * What is done about an SMS, by outcome. The outcomes that are missing here are no choice: while an answer settles the
 * SMS waits, and who is known to have the message gets none.
 *
 * @example
 * ```ts
 * const [{ fallback: cells }] = standardClasses();
 * const careful: FallbackCells = { ...cells, unconfirmed: "by_hand" };
 * ```
 */
export interface FallbackCells {
    /** `revoked`, `not_delivered`. */
    gone: Cell;
    /** `unconfirmed`, `presumed_revoked`. */
    unconfirmed: Cell;
    /** `inconclusive`. */
    inconclusive: Cell;
    /** `requesting`; `planned` whose time has come; `refused`, but for the reasons of the next. */
    unfinished: Cell;
    /** `refused` as unsupported, invalid or for want of input; `lapsed`. */
    hopeless: Cell;
    /** `presumed_delivered`, `withdrawn`, `watched`, and `planned` for later. */
    otherwise: Cell;
}

/**
 * A message class with its policy: when its messages are taken back by themselves, and whether an SMS may follow.
 *
 * @example
 * ```ts
 * const [otp, transactional, promotional] = standardClasses();
 * const classes: ClassPolicy[] = [
 *     { ...otp, fallbackBy: 30_000 },
 *     transactional,
 *     { ...promotional, notAfter: 48 * 3_600_000 },
 * ];
 * const policy: Policy = { ...defaultPolicy("vonage"), classes };
 * ```
 */
export interface ClassPolicy {
    /** The name that messages are registered with, such as `otp`. */
    name: string;
    /** What its messages are: rules that protect people ask for this, and not for the name. */
    kind: MessageClass;
    /** How long its messages stay wanted. */
    ttl: Span;
    /** How long after sending a message is revoked by itself, unless it was delivered; never without it. */
    revokeAfter?: Span | undefined;
    /** What shall follow a revocation that the class itself asked for. */
    then: "nothing" | "fallback";
    /** How long after an accepted answer a crossing delivery is waited for, where it differs from the policy's. */
    settle?: Span | undefined;
    /** Waits before each retry, where they differ from the policy's. */
    retries?: readonly Span[] | undefined;
    /** What is done about an SMS, by outcome. */
    fallback: FallbackCells;
    /** How long after the first wish was due an SMS leaves where a cell says so; such a cell reads `by_hand` without. */
    fallbackBy?: Span | undefined;
    /**
     * How long after sending the content is stale, and no SMS leaves by itself. An advertising class without it sends
     * none by itself.
     */
    notAfter?: Span | undefined;
    /** Who sends the SMS, where it is not the source's own sender. */
    smsFrom?: string | undefined;
    /** What the SMS says; `{text}` stands for what was registered with the message. Without it, just that. */
    smsText?: string | undefined;
}

/**
 * The classes that are there without a word: `otp`, `transactional`, `promotional`, in this order.
 *
 * @example
 * ```ts
 * const [otp] = standardClasses();
 * console.log(otp.revokeAfter); // 600000
 * ```
 */
export function standardClasses(): [otp: ClassPolicy, transactional: ClassPolicy, promotional: ClassPolicy];
