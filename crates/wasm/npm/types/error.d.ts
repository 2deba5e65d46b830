/**
 * The stable code of an error that this package throws.
 *
 * @example
 * ```ts
 * const isOfTheCaller = (code: ErrorCode) => code.startsWith("invalid_") || code === "too_large";
 * ```
 */
export type ErrorCode =
    /** A value that does not have the documented type; `path` says where. */
    | "invalid_argument"
    /** Not an identifier of the kind that was asked for. */
    | "invalid_id"
    /** Not a phone number. */
    | "invalid_phone"
    /** A source whose parts do not fit its provider, or whose provider or agent is not the message's. */
    | "invalid_source"
    /** More than this package reads in one piece. */
    | "too_large"
    /** The request needs the recipient's phone number. */
    | "recipient_missing"
    /** No sender of SMS is configured for the source: its `sms` is missing. */
    | "sender_missing"
    /** No text was registered or ordered for an SMS, and the class has none of its own. */
    | "text_missing"
    /** The message names no agent. */
    | "agent_missing"
    /** The host does not carry the message. */
    | "wrong_host"
    /** A time to live that the provider does not take. */
    | "ttl_out_of_range"
    /** Evidence of two messages is never merged. */
    | "other_message"
    /** The importer has reached the end of its text. */
    | "finished"
    /** The object was freed, or lost in an `internal` fault: make it again. */
    | "freed"
    /** The module is not loaded yet, or cannot be: `await init()` first. */
    | "not_loaded"
    /** The platform lacks what is needed, such as `Request`. */
    | "unsupported"
    /**
     * A fault of this package, or no memory left for it. It stays usable, but what was made before in the same module is
     * lost: every `Revocation`, or every `Importer`; please report it.
     */
    | "internal";

/**
 * What this package throws, and nothing else but the `RangeError` of an app that has used up its stack.
 *
 * @example
 * ```ts
 * try {
 *     parseId("phone", text);
 * } catch (error) {
 *     if (error instanceof RcsRevokeError && error.code === "invalid_phone") {
 *         return badRequest(error.message);
 *     }
 *     throw error;
 * }
 * ```
 */
export class RcsRevokeError extends Error {
    readonly name: "RcsRevokeError";
    /** What went wrong, for code. */
    readonly code: ErrorCode;
    /** Which part of the argument it is about, such as `fact.begunAt`. */
    readonly path?: string;
    constructor(code: ErrorCode, message: string, options?: { path?: string; cause?: unknown });
}
