declare const brand: unique symbol;

/**
 * A text that has been read as an identifier of one kind, so that no two kinds can be mixed up.
 *
 * @example
 * ```ts
 * type OrderId = Branded<"OrderId">;
 * ```
 */
export type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/**
 * The id of one message at its provider: agent-assigned at Google, a UUID in lower case at Vonage.
 *
 * @example
 * ```ts
 * const id: MessageId = parseMessageId("google_rbm", "123456661");
 * ```
 */
export type MessageId = Branded<"MessageId">;

/**
 * The key of one message: `vonage:<uuid>` or `google_rbm:<agent>:<id>`.
 *
 * @example
 * ```ts
 * const message: MessageRef = parseId("message", "google_rbm:my_agent@rbm.goog:123456661");
 * ```
 */
export type MessageRef = Branded<"MessageRef">;

/**
 * A Google agent in its full form, such as `my_agent@rbm.goog`.
 *
 * @example
 * ```ts
 * const agent: AgentId = parseId("agent", "my_agent"); // "my_agent@rbm.goog"
 * ```
 */
export type AgentId = Branded<"AgentId">;

/**
 * A phone number with `+` and 7 to 15 digits.
 *
 * @example
 * ```ts
 * const phone: PhoneNumber = parseId("phone", "+44 7700 900000");
 * ```
 */
export type PhoneNumber = Branded<"PhoneNumber">;

/**
 * The name of a configured source, such as `otp-eu`: letters, digits, `-`, `_`, at most 64 characters.
 *
 * @example
 * ```ts
 * const source: SourceId = parseId("source", "otp-eu");
 * ```
 */
export type SourceId = Branded<"SourceId">;

/**
 * The id of one wish to revoke: letters, digits, `-`, `_`, at most 64 characters.
 *
 * @example
 * ```ts
 * const wish: WishId = parseId("wish", "rev_1");
 * ```
 */
export type WishId = Branded<"WishId">;

/**
 * What kinds of identifiers {@link parseId} reads, and what each becomes.
 *
 * @example
 * ```ts
 * const read = <Kind extends keyof IdKinds>(kind: Kind, texts: string[]) => texts.map((text) => parseId(kind, text));
 * ```
 */
export interface IdKinds {
    message: MessageRef;
    agent: AgentId;
    phone: PhoneNumber;
    source: SourceId;
    wish: WishId;
}

/**
 * Who carries a message.
 *
 * @example
 * ```ts
 * const provider: Provider = "google_rbm";
 * ```
 */
export type Provider = "google_rbm" | "vonage";

/**
 * An instant as it is given: a `Date`, or whole milliseconds since 1970-01-01T00:00:00Z.
 *
 * @example
 * ```ts
 * const times: Time[] = [new Date(), Date.now()];
 * ```
 */
export type Time = Date | number;

/**
 * An instant as it is returned: whole milliseconds since 1970-01-01T00:00:00Z.
 *
 * @example
 * ```ts
 * const showTime = (time: Timestamp) => new Date(time).toISOString();
 * ```
 */
export type Timestamp = number;

/**
 * A length of time in whole milliseconds.
 *
 * @example
 * ```ts
 * const tenMinutes: Span = 10 * 60 * 1000;
 * ```
 */
export type Span = number;

/**
 * Reads one identifier in its canonical form.
 *
 * @example
 * ```ts
 * const recipient = parseId("phone", "+44 7700 900000"); // "+447700900000"
 * const message = parseId("message", "vonage:AAAAAAAA-bbbb-4ccc-8ddd-0123456789ab");
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_id` or `invalid_phone`, with what is wrong and where.
 */
export function parseId<Kind extends keyof IdKinds>(kind: Kind, text: string): IdKinds[Kind];

/**
 * Reads the id of a message in its provider's form.
 *
 * @example
 * ```ts
 * parseMessageId("vonage", "AAAAAAAA-BBBB-4CCC-8DDD-0123456789AB"); // "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_id`.
 */
export function parseMessageId(provider: Provider, text: string): MessageId;

/**
 * Why one of many texts is no message id.
 *
 * @example
 * ```ts
 * const complain = ({ index, message }: InvalidMessageId) => `line ${index + 1}: ${message}`;
 * ```
 */
export interface InvalidMessageId {
    /** Its place in the list, from 0. */
    index: number;
    /** What is wrong, for people. */
    message: string;
}

/**
 * What {@link parseMessageIds} has read.
 *
 * @example
 * ```ts
 * const { ids, invalid }: ParsedMessageIds = parseMessageIds("google_rbm", lines);
 * ```
 */
export interface ParsedMessageIds {
    /** The ids that could be read, in the order of the texts. */
    ids: MessageId[];
    /** The texts that could not; empty when all could. */
    invalid: InvalidMessageId[];
}

/**
 * Reads many ids of messages in one call: 100,000 take a few dozen milliseconds.
 *
 * @example
 * ```ts
 * const { ids, invalid } = parseMessageIds("vonage", lines);
 * for (const { index, message } of invalid) {
 *     console.warn(`line ${index + 1}: ${message}`);
 * }
 * ```
 */
export function parseMessageIds(provider: Provider, texts: readonly string[]): ParsedMessageIds;

/**
 * The key of a message. Google's ids are only unique within one agent, so it is part of the key there; at Vonage
 * it is passed over.
 *
 * @example
 * ```ts
 * messageRef({ provider: "vonage", id: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab" });
 * messageRef({ provider: "google_rbm", agent: "my_agent", id: "123456661" });
 * ```
 *
 * @throws {@link RcsRevokeError} `invalid_id`, also when the agent is missing where it is needed.
 */
export function messageRef(parts: { provider: Provider; agent?: string; id: string }): MessageRef;
