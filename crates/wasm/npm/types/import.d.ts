/**
 * Reads pasted or uploaded text into rows, and finds the source of each: a WebAssembly module of its own, loaded as that
 * of `rcs-revoke` is, so that an app without lists does not carry it.
 *
 * @module import
 */
import type { Life } from "./fact.js";
import type { AgentId, MessageId, MessageRef, PhoneNumber, Provider, SourceId, Time, Timestamp } from "./ids.js";
import type { Host, Source } from "./source.js";

export * from "./error.js";
export type { Life } from "./fact.js";
export type { AgentId, MessageId, MessageRef, PhoneNumber, Provider, SourceId, Time, Timestamp } from "./ids.js";
export * from "./init.js";
export type { Host, Source } from "./source.js";

/**
 * A message as a row names it.
 *
 * @example
 * ```ts
 * const entry: Entry = { id: parseMessageId("vonage", "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"), sender: "Acme" };
 * ```
 */
export interface Entry<T extends Time = Timestamp> {
    /** Its id, as written. */
    id: MessageId;
    provider?: Provider;
    /** The sender that the row names, read as an agent. */
    agent?: AgentId;
    /** The sender that the row names, read as a sender id. A bare name may be either: both are set. */
    sender?: string;
    /** The source that the row names. */
    source?: SourceId;
    phone?: PhoneNumber;
    sentAt?: T;
    /** Its message class. */
    class?: string;
    /** The text to send by SMS instead. */
    fallbackText?: string;
    /** Whether it carries a failover of its own. */
    failover?: boolean;
    /** The host that took it. */
    host?: Host;
    /** Its own end of life. */
    life?: Life<T>;
    /** When it is to be revoked unless it was delivered by then. */
    revokeAt?: T;
}

/**
 * One row of an import: where it stands, from 1 and in characters, and what it is.
 *
 * @example
 * ```ts
 * const rows: Row[] = parseImport(text);
 * const entries = rows.filter((row) => row.row === "entry");
 * ```
 */
export type Row = { line: number; column: number } & (
    | ({ row: "entry" } & Entry)
    | ({ row: "duplicate"; ofLine: number } & Entry)
    | { row: "problem"; code: RowProblemCode; message: string; text: string }
);

/**
 * Why a row is no message.
 *
 * @example
 * ```ts
 * const canBeMended = (code: RowProblemCode) => code === "rounded_number" || code === "zone_missing";
 * ```
 */
export type RowProblemCode =
    | "no_id"
    | "not_a_uuid"
    | "invalid_id"
    | "invalid_key"
    | "invalid_phone"
    | "invalid_sender"
    | "invalid_time"
    | "zone_missing"
    | "invalid_length"
    | "unit_missing"
    | "two_ends_of_life"
    | "invalid_class"
    | "invalid_text"
    | "invalid_flag"
    | "unknown_host"
    | "rounded_number"
    | "phone_differs"
    | "header_without_id"
    | "id_missing"
    | "too_many_columns"
    | "quote_not_closed"
    | "text_after_quote"
    | "too_long"
    | "not_utf8"
    | "invalid_source"
    | "unknown_provider"
    | "not_a_message"
    | "invalid_json";

/**
 * Reads any pasted or uploaded text into rows: lists, log lines, curl commands, CSV with a header, JSON and NDJSON, such
 * as webhooks and answers of the providers or of the proxy. Bytes may be UTF-8 or UTF-16. Nothing is guessed, and no line
 * with a letter or digit goes without a row, unless it belongs to the JSON object of one; beside an id on its line, words
 * that are none are passed over. What is no text, and half of a surrogate pair, is read as U+FFFD.
 *
 * @example
 * ```ts
 * for (const row of parseImport(await file.text())) {
 *     if (row.row === "problem") {
 *         console.warn(`${row.line}:${row.column}: ${row.message}`);
 *     }
 * }
 * ```
 */
export function parseImport(text: string | Uint8Array): Row[];

/**
 * Reads a text that comes in pieces, so that a page stays responsive; where they are cut never changes a row.
 *
 * @example
 * ```ts
 * using importer = new Importer();
 * for await (const piece of file.stream()) {
 *     show(importer.push(piece));
 * }
 * show(importer.finish());
 * ```
 */
export class Importer {
    constructor();
    /**
     * Reads the next piece and returns the rows that it completes.
     *
     * @example
     * ```ts
     * show(importer.push("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n"));
     * ```
     *
     * @throws {@link RcsRevokeError} `finished`.
     */
    push(piece: string | Uint8Array): Row[];
    /**
     * Ends the text and returns the last rows.
     *
     * @example
     * ```ts
     * show(importer.finish());
     * ```
     *
     * @throws {@link RcsRevokeError} `finished`.
     */
    finish(): Row[];
    /** Gives its memory back; `finish` does so too. */
    free(): void;
    /** The same as {@link free}, for `using`. */
    [Symbol.dispose](): void;
}

/**
 * Where a row's message belongs.
 *
 * @example
 * ```ts
 * const resolution: Resolution = resolveEntry(entry, sources);
 * if (resolution.resolution === "choose") {
 *     askWhichOf(resolution.candidates);
 * }
 * ```
 */
export type Resolution =
    | { resolution: "ready"; message: MessageRef; source: SourceId }
    | { resolution: "choose"; candidates: SourceId[] }
    | { resolution: "problem"; code: ResolveCode; message: string };

/**
 * Why a row's message cannot be asked for.
 *
 * @example
 * ```ts
 * const isOfTheConfig = (code: ResolveCode) => code === "no_source" || code === "unknown_source";
 * ```
 */
export type ResolveCode = "no_source" | "no_source_fits" | "unknown_source" | "recipient_missing";

/**
 * Which source sent the message of a row: never a guess.
 *
 * @example
 * ```ts
 * for (const row of parseImport(text)) {
 *     if (row.row === "entry") {
 *         const resolution = resolveEntry(row, sources);
 *         console.log(row.line, resolution.resolution);
 *     }
 * }
 * ```
 *
 * @param known What is known already of a message with this id.
 */
export function resolveEntry(
    entry: Entry<Time>,
    sources: readonly Source[],
    known?: { source: string; hasRecipient: boolean },
): Resolution;

/**
 * Which sources sent the messages of many rows, in their order; what {@link resolveEntry} says of each, far faster.
 *
 * @example
 * ```ts
 * const rows = parseImport(text).filter((row) => row.row === "entry");
 * const resolutions = resolveEntries(rows, sources);
 * const ready = resolutions.filter(({ resolution }) => resolution === "ready");
 * ```
 *
 * @param known What is known already of the message of each entry, at the same place; holes and `undefined` for
 * nothing.
 * @throws {@link RcsRevokeError} As {@link resolveEntry}; `path` says which, such as `entries[7].id`.
 */
export function resolveEntries(
    entries: readonly Entry<Time>[],
    sources: readonly Source[],
    known?: ReadonlyArray<{ source: string; hasRecipient: boolean } | undefined>,
): Resolution[];
