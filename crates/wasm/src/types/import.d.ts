/** One row of an import: where it stands, from 1 and in characters, and what it is. */
export type Row = { line: number; column: number } & (
    | ({ row: "entry" } & Entry)
    | ({ row: "duplicate"; of_line: number } & Entry)
    | { row: "problem"; code: RowProblemCode; message: string; text: string }
);

/** A message as a row names it. */
export interface Entry {
    /** Its id, as written. */
    id: string;
    provider?: Provider | null;
    /** The sender that the row names, read as an agent. */
    agent?: string | null;
    /** The sender that the row names, read as a sender id. A bare name may be either: both are set. */
    sender?: string | null;
    phone?: E164 | null;
    sent_at?: Timestamp | null;
}

/** Why a row is no message. */
export type RowProblemCode =
    | "no_id"
    | "not_a_uuid"
    | "invalid_id"
    | "invalid_key"
    | "invalid_phone"
    | "invalid_sender"
    | "invalid_time"
    | "zone_missing"
    | "rounded_number"
    | "phone_differs"
    | "header_without_id"
    | "id_missing"
    | "too_many_columns"
    | "quote_not_closed"
    | "text_after_quote"
    | "too_long"
    | "not_utf8";

/** What {@link resolveEntry} is asked. */
export interface EntryQuestion {
    entry: Entry;
    /** The configured sources. */
    sources: Source[];
    /** What is known already of a message with this id. */
    known?: { source: string; has_recipient: boolean } | null;
}

/** Where a row's message belongs. */
export type Resolution =
    | { resolution: "ready"; message: MessageRef; source: string }
    | { resolution: "choose"; candidates: string[] }
    | { resolution: "problem"; code: "no_source" | "no_source_fits" | "recipient_missing"; message: string };
