// Made from crates/proxy/openapi.json by `UPDATE=1 node --test tests/npm/types.test.mjs`.

export interface paths {
    "/api/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Batches, the latest first.
         * @description # Errors
         *     When the query names a page that does not exist.
         */
        get: operations["list_batches"];
        put?: never;
        /**
         * Plans to revoke messages. Nothing is sent before the plan is started. With an `Idempotency-Key`, the same command
         *     again gives the same plan.
         * @description # Errors
         *     When the command cannot be read, names no message, or the store fails. Then there is no plan.
         */
        post: operations["plan_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plans to revoke the messages of a text of any length and form: lists, CSV, JSON, log lines. Nothing is sent before
         *     the plan is started. With an `Idempotency-Key`, the same key and query again give the same plan, whatever the text.
         * @description # Errors
         *     When the text breaks off, or the store fails. Then there is no plan.
         */
        post: operations["upload_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One batch as it is now.
         * @description # Errors
         *     When there is none of that id.
         */
        get: operations["show_batch"];
        put?: never;
        post?: never;
        /**
         * Throws a plan away. Nothing of it was sent.
         * @description # Errors
         *     When there is no such batch, or it was started.
         */
        delete: operations["drop_batch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch}/messages.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every message of a batch as CSV: what was asked for, what is still to be, and what is skipped.
         * @description # Errors
         *     When there is no such batch.
         */
        get: operations["export_batch_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch}/messages.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every message of a batch as NDJSON: what was asked for, what is still to be, and what is skipped.
         * @description # Errors
         *     When there is no such batch.
         */
        get: operations["export_batch_ndjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch}/rejects.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows of a batch's text that could not be taken, as CSV.
         * @description # Errors
         *     When there is no such batch.
         */
        get: operations["export_batch_rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch}/{command}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts, pauses, resumes or aborts a batch. Nothing is asked for any more within a second of a pause or an abort;
         *     requests that had left by then are still answered.
         * @description # Errors
         *     When there is no such batch, the command makes no sense where it stands, or the plan would ask for another number
         *     of messages than `expect`. Nothing was done then.
         */
        post: operations["command_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * First `hello` with who serves, then `message` for every change of a message, whose `id` is what to resume from, and
         *     `batch` for a batch that changed or goes on, twice a second at most.
         * @description # Errors
         *     When the query cannot be read.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fallbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Orders an SMS, whatever it may duplicate. The order is durable when this answers; the SMS leaves within the rate
         *     limit, unless the message turns out to be delivered before.
         * @description The order names the number of the SMS that it expects to send, so that the same order given twice, or by two
         *     people, sends one.
         *
         *     # Errors
         *     When nobody knows the message, an SMS is not offered, or another has taken the number; nothing was ordered then.
         */
        post: operations["create_fallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages, the latest changed first.
         * @description # Errors
         *     When the query names an outcome or a page that does not exist.
         */
        get: operations["list_messages"];
        put?: never;
        /**
         * Registers one message, or up to 10,000 as a list, or any number as NDJSON with one in each line: then a line that
         *     cannot be kept refuses itself alone. The same registration again is the same fact.
         * @description # Errors
         *     When the body cannot be read, or the store fails.
         */
        post: operations["register_messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers the messages of a CSV with a header: `id`, `phone`, `agent`, `sent_at`, `class`, `fallback_text`,
         *     `failover`, `host`, `ttl` or `expires_at`, and `revoke_at`, in any order.
         * @description # Errors
         *     When the named source does not exist, or the store fails.
         */
        post: operations["import_messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What is known under these ids; ids that nobody knows are left out.
         * @description # Errors
         *     When there are too many.
         */
        post: operations["lookup_messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{message}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One message: its outcome and why, its timeline, what comes next.
         * @description # Errors
         *     When the key is malformed or nobody knows it.
         */
        get: operations["show_message"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wishes that messages be revoked. Everything named `made` is durable when this answers; what becomes of it shows
         *     on the message. With an `Idempotency-Key`, the same command again gives the same report.
         * @description # Errors
         *     When the command cannot be read or the store fails. Nothing was done then, unless the error says that some of it
         *     may have been.
         */
        post: operations["create_revocations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/revocations/{wish}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The message that a wish is about, with what became of it.
         * @description # Errors
         *     When nobody knows the wish.
         */
        get: operations["show_revocation"];
        put?: never;
        post?: never;
        /**
         * Takes a wish back, with every other live wish of its message.
         * @description # Errors
         *     When nobody knows the wish.
         */
        delete: operations["withdraw_revocation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who serves, and what time it is there. */
        get: operations["show_session"];
        put?: never;
        /**
         * Exchanges the access key for a cookie.
         * @description # Errors
         *     When the key is wrong.
         */
        post: operations["create_session"];
        /** Clears the cookie. */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configured senders. */
        get: operations["list_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes back the live wishes of messages.
         * @description # Errors
         *     When a key is malformed, there are too many, or the store fails; nothing was done then.
         */
        post: operations["create_withdrawals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives. */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process can do its work; with the access key also what is known of its sources, without their settings. */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description `POST /api/v1/batches`: plan to revoke these. Nothing is sent. */
        BatchCommand: {
            /**
             * @description The messages, at most 10,000; more are uploaded.
             * @default []
             */
            items: components["schemas"]["RevocationItem"][];
            /** @default null */
            select: components["schemas"]["MessageQuery"] | null;
            /**
             * @description What holds for all.
             * @default {
             *       "then": "nothing"
             *     }
             */
            terms: components["schemas"]["BatchTerms"];
        };
        /** @description Requests over time, in steps of equal length that grow with the batch's life. */
        BatchHistory: {
            /**
             * Format: int64
             * @description When the first step begins.
             */
            from: number;
            /** @description Requests in each step. */
            requests: number[];
            /**
             * Format: int64
             * @description How long each step is, in milliseconds.
             */
            step: number;
            /** @description Those of them that were answered *too many requests*. */
            throttled: number[];
        };
        /** @description `POST /api/v1/batches/{batch}/{command}`, such as `start`. */
        BatchOrder: {
            /**
             * Format: int64
             * @description With `start`: how many messages the plan is expected to ask for. Refused if it is another number.
             * @default null
             */
            expect: number | null;
        };
        /** @description One page of batches, the latest first. */
        BatchPage: {
            /** @description The batches. */
            items: components["schemas"]["BatchView"][];
            /** @description Where the next page begins; none on the last. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many run now.
             */
            running: number;
        };
        /** @description The plan of a batch, beside what was read for it. */
        BatchPlan: Record<string, never> & {
            /**
             * Format: int64
             * @description How many rows name a message that was named before.
             */
            duplicates: number;
            /** @description The first hundred of those; all of them by `GET /api/v1/batches/{batch}/rejects`. */
            problems: components["schemas"]["RowProblem"][];
            /**
             * Format: int64
             * @description How many rows could not be taken.
             */
            rejected: number;
            /** @description How long asking takes at the limits, for each source. */
            seconds: {
                [key: string]: number;
            };
        };
        /** @description How far a batch is. */
        BatchProgress: {
            /** @description Requests over time, the earliest first. */
            history: components["schemas"]["BatchHistory"];
            /**
             * Format: int64
             * @description How many were left out because something had changed since the plan.
             */
            left_out: number;
            /**
             * Format: int32
             * @description The most that its accounts allow in a second.
             */
            limit: number;
            /**
             * Format: int64
             * @description How many are counted elsewhere by now: a later batch has taken them up, or they were forgotten.
             */
            moved: number;
            /** @description How many messages there are of each outcome. A message that a later batch takes up is counted there. */
            outcomes: {
                [key: string]: number;
            };
            /**
             * Format: int32
             * @description Requests of this batch in the last full second.
             */
            rate: number;
            /**
             * Format: int64
             * @description How long until all are asked for, at the limits and with what else is due; none unless it runs.
             */
            seconds_left?: number | null;
            /**
             * Format: int64
             * @description How many messages nobody has asked for yet.
             */
            waiting: number;
        };
        /** @description What holds for every message of a batch. Where the messages themselves are uploaded, it is the query. */
        BatchTerms: {
            /**
             * @description Ask once more for messages that were asked for already.
             * @default false
             */
            again: boolean;
            /**
             * @description The class of messages that nobody named one for.
             * @default null
             */
            class: string | null;
            /**
             * Format: int64
             * @description Nothing is asked for before this instant.
             * @default null
             */
            not_before: number | null;
            /**
             * @description Ask even where the 24-hour window has closed.
             * @default false
             */
            override_window: boolean;
            /**
             * @description Why, in the operator's words.
             * @default null
             */
            reason: string | null;
            /**
             * @description The source of messages for which several fit.
             * @default null
             */
            source: string | null;
            /**
             * @description What shall follow.
             * @default nothing
             */
            then: components["schemas"]["Follows"];
            /**
             * @description How people call it, at most 200 characters.
             * @default null
             */
            title: string | null;
        };
        /** @description What keeps a batch from going on. */
        BatchTrouble: {
            /** @description The stable code: `not_before`, `store`, `source` or `provider`. */
            code: string;
            /** @description What it is and what to do. */
            sentence: Record<string, never>;
        };
        /** @description One batch, and the data of the live event `batch`. */
        BatchView: {
            /** @description Its id. */
            batch: string;
            /** @description Who planned it. */
            by: string;
            /** @description What may be done to it now. */
            commands: string[];
            /**
             * Format: int64
             * @description When it was planned.
             */
            created_at: number;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_at?: number | null;
            /** @description A text for those who wait. */
            incident: Record<string, never>;
            /** @description What it would do, as of when it was planned. */
            plan: components["schemas"]["BatchPlan"];
            /** @description How far it is. */
            progress: components["schemas"]["BatchProgress"];
            /**
             * Format: int64
             * @description How many of its messages may be worth another try.
             */
            retriable: number;
            /**
             * Format: int64
             * @description When it was started.
             */
            started_at?: number | null;
            /** @description Where it stands. */
            state: string;
            /** @description What holds for every message. */
            terms: components["schemas"]["BatchTerms"];
            trouble?: components["schemas"]["BatchTrouble"] | null;
        };
        /** @description What became of the lines of an NDJSON of registrations. */
        BulkReport: {
            /** @description How many were kept. */
            kept: number;
            /** @description The first hundred problems. */
            problems: components["schemas"]["RowProblem"][];
            /** @description How many were refused. */
            refused: number;
        };
        /** @description `POST /api/v1/fallbacks`: send an SMS instead of this message, whatever it may duplicate. */
        FallbackOrder: {
            /**
             * Format: int32
             * @description The number of the SMS that is expected to leave: refused if another has it.
             */
            fallback: number;
            /** @description The message's key. */
            message: string;
            /** @description What it shall say, instead of the registered text. */
            text?: string | null;
        };
        /** @description An order that was taken; durable. */
        FallbackOrdered: {
            /**
             * Format: int32
             * @description The number of the SMS.
             */
            fallback: number;
            /** @description The message's key. */
            message: string;
        };
        /**
         * @description What shall follow a revocation.
         * @enum {string}
         */
        Follows: "nothing" | "fallback" | "sms";
        /** @description What `POST /api/v1/messages/import` made of a CSV. */
        ImportReport: {
            /** @description Rows that name a message named before. */
            duplicates: number;
            /** @description Rows kept as registrations. */
            kept: number;
            /** @description The first hundred problems. */
            problems: components["schemas"]["RowProblem"][];
            /** @description Rows refused. */
            refused: number;
        };
        /** @description What is known of one id. */
        Lookup: {
            /** @description Whether the recipient is known. */
            has_recipient: boolean;
            /** @description The id that was asked for. */
            id: string;
            /** @description The message's key. */
            message: string;
            /** @description Its outcome's code. */
            outcome: string;
            /**
             * Format: int64
             * @description When it was sent.
             */
            sent_at?: number | null;
            /** @description Its source. */
            source?: string | null;
            /**
             * Format: int64
             * @description When its revocation window closes.
             */
            window_closes?: number | null;
        };
        /** @description `POST /api/v1/messages/lookup`: what is known of these. At most 10,000 a call. */
        LookupRequest: {
            /** @description Message ids as their providers write them; agents need not be known. */
            ids: string[];
        };
        /** @description One message in full. */
        MessageDetail: components["schemas"]["MessageView"] & {
            /** @description Its class. */
            class?: string | null;
            /** @description Why it cannot be asked for again; none if it can. */
            closed_because?: Record<string, never> | null;
            /** @description Why the outcome is what it is. */
            explanation: Record<string, never>;
            /**
             * Format: int64
             * @description The end of the message's own life.
             */
            horizon?: number | null;
            /** @description The host that holds it, as far as known. */
            host?: string | null;
            /** @description The wish that can still be withdrawn. */
            open_wish?: string | null;
            planned?: components["schemas"]["PlannedWish"] | null;
            /**
             * @description Where the next request goes, or would go, with its `candidates` in order, how sure the first of them is
             *     (`certainty`), why it is the first (`because`), and in words why this host (`why`).
             */
            route: Record<string, never>;
            /** @description What is to be done about an SMS instead. */
            sms_instead: components["schemas"]["SmsView"];
            /** @description What happened, in order. */
            timeline: Record<string, never>[];
        };
        /** @description One page of messages, the latest changed first. */
        MessagePage: {
            /** @description How many messages there are of each outcome, whatever the filter. */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many people got the message and an SMS, or may have.
             */
            duplicates: number;
            /** @description The messages. */
            items: components["schemas"]["MessageView"][];
            /** @description Where the next page begins; none on the last. */
            next?: string | null;
        };
        /** @description The query of `GET /api/v1/messages`. */
        MessageQuery: {
            /**
             * @description Where the last page ended.
             * @default null
             */
            after: string | null;
            /**
             * @description A batch's id: only its messages, but for those that a later batch has taken up.
             * @default null
             */
            batch: string | null;
            /**
             * @description Only those of which the person got an SMS too, or may have.
             * @default false
             */
            duplicate: boolean;
            /**
             * @description How many at most: 50 unless told, 500 at most.
             * @default null
             */
            limit: number | null;
            /**
             * @description Outcome codes, separated by commas.
             * @default null
             */
            outcome: string | null;
            /**
             * @description The beginning of an id, or the end of a phone number.
             * @default null
             */
            q: string | null;
            /**
             * @description A source's id.
             * @default null
             */
            source: string | null;
        };
        /** @description One message in a list, and the data of the live event `message`. */
        MessageView: {
            /**
             * Format: int64
             * @description When the outcome or a fact last changed.
             */
            changed_at: number;
            /** @description Whether its source never had a verified webhook, so that silence proves nothing. */
            deaf: boolean;
            /** @description Its id at the provider. */
            id: string;
            /** @description Its key. */
            message: string;
            /** @description What became of it. */
            outcome: Record<string, never>;
            /** @description Its provider's code. */
            provider: string;
            /** @description The recipient, masked. */
            recipient?: string | null;
            /**
             * Format: int64
             * @description When it was sent.
             */
            sent_at?: number | null;
            /** @description The last SMS that was to leave instead of it. */
            sms?: Record<string, never> | null;
            /** @description Its source. */
            source?: string | null;
            /** @description What comes next. */
            step: Record<string, never>;
            /**
             * Format: int64
             * @description Grows with every change of this message.
             */
            version: number;
            /** @description Why, in a few words. */
            why: Record<string, never>;
            /**
             * Format: int64
             * @description When its revocation window closes.
             */
            window_closes?: number | null;
        };
        /** @description A wish whose time has not come. It is moved by a command with `replace`, which states all of it anew. */
        PlannedWish: {
            /**
             * Format: int64
             * @description When its time comes.
             */
            at: number;
            /** @description Who planned it: an operator, or the message's class. */
            by: string;
            /** @description Why, in the operator's words. */
            reason?: string | null;
            /** @description What shall follow. */
            then: components["schemas"]["Follows"];
        };
        /** @description What happened, what was not done, and what to do. */
        Problem: {
            /** @description The place of the wrong value, such as `items[3].phone`. */
            at?: string | null;
            /** @description The stable code, to branch on. */
            code: string;
            /** @description What was not done, and what to do. */
            detail?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What happened, in a few words. */
            title: string;
            /** @description `about:blank#` and the code. */
            type: string;
        };
        /** @description Whether the server can do its work. */
        Readiness: {
            /** @description All of it. */
            ready: boolean;
            /** @description Each source; for holders of the access key only. */
            sources?: components["schemas"]["SourceState"][] | null;
            /** @description The database takes a write, and nothing of it was found damaged. */
            store: boolean;
            /**
             * @description `ok`, or what is wrong with the database: `full`, `read_only`, `locked`, `moved`, `corrupt`, `stalled` or
             *     `failing`. More may come.
             */
            store_state: string;
            /** @description What that is and what to do, for people. */
            store_why?: string | null;
            /** @description Every lane of the worker lives. */
            worker: boolean;
        };
        /**
         * @description One message of `POST /api/v1/messages`: the sending system's own word. At most 10,000 a call; as NDJSON, one in each
         *     line, as many as there are.
         */
        Registration: {
            /** @description Its message class, such as `otp`; without one, its source's. */
            class?: string | null;
            /**
             * Format: int64
             * @description Its end of life; not together with `ttl` or `no_expiry`.
             */
            expires_at?: number | null;
            /** @description Whether it carries a failover of its own. */
            failover?: boolean | null;
            /** @description The text to send by SMS instead, at most 1,000 characters. */
            fallback_text?: string | null;
            /** @description The host that took it, such as `google.europe`. */
            host?: string | null;
            /** @description The message's id at its provider. */
            id: string;
            /** @description The sender says that it set no end of life. */
            no_expiry?: boolean;
            /** @description The recipient, with or without `+`. */
            phone?: string | null;
            /**
             * Format: int64
             * @description When it is to be revoked unless it was delivered by then.
             */
            revoke_at?: number | null;
            /**
             * Format: int64
             * @description When it was sent.
             */
            sent_at?: number | null;
            /** @description The source that sent it. */
            source: string;
            /**
             * Format: int64
             * @description Its time to live in milliseconds; not together with `expires_at` or `no_expiry`.
             */
            ttl?: number | null;
        };
        /** @description What became of the registrations of a call: of each, or of all lines of NDJSON together. */
        RegistrationAnswer: components["schemas"]["RegistrationReport"] | components["schemas"]["BulkReport"];
        /** @description What became of each registration of a call. */
        RegistrationReport: {
            /** @description How many were kept. */
            kept: number;
            /** @description How many were refused. */
            refused: number;
            /** @description Each, in the call's order. */
            results: components["schemas"]["RegistrationResult"][];
        };
        /** @description What became of one registration. */
        RegistrationResult: {
            /** @description The message's key, once kept. */
            message?: string | null;
            problem?: components["schemas"]["RowProblem"] | null;
        };
        /** @description `POST /api/v1/revocations`: please revoke these. At most 10,000 items a call. */
        RevocationCommand: {
            /** @description A new wish even for messages that were asked for already. */
            again?: boolean;
            /** @description The class of messages that nobody named one for. */
            class?: string | null;
            /** @description The messages. */
            items: components["schemas"]["RevocationItem"][];
            /**
             * Format: int64
             * @description Not to be attempted before this instant.
             */
            not_before?: number | null;
            /** @description Ask even where the 24-hour window has closed. */
            override_window?: boolean;
            /** @description Why, in the operator's words. */
            reason?: string | null;
            /** @description Takes back what is still wished, and wishes this instead: so a date is moved. */
            replace?: boolean;
            /** @description What shall follow. */
            then?: components["schemas"]["Follows"];
        };
        /** @description One message to revoke. */
        RevocationItem: {
            /** @description The message's key. */
            message: string;
            /** @description The recipient, where the operator knows it. */
            phone?: string | null;
            /**
             * Format: int64
             * @description When it was sent, where the operator knows it.
             */
            sent_at?: number | null;
            /** @description Its source; must be given where several fit and none is known for the message. */
            source?: string | null;
        };
        /** @description What became of each item of a command. */
        RevocationReport: {
            /** @description How many messages already had a live wish that nobody has answered. */
            already: number;
            /** @description How many new wishes were made. */
            made: number;
            /** @description How many were refused. */
            refused: number;
            /** @description Each item, in the command's order. */
            results: components["schemas"]["RevocationResult"][];
        };
        /** @description What became of one item. */
        RevocationResult: components["schemas"]["Taken"] & {
            /** @description The message's key. */
            message: string;
        };
        /** @description What is wrong with one row, line or item. */
        RowProblem: {
            /** @description The stable code. */
            code: string;
            /** @description The column from 1, where there is one. */
            column?: number | null;
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description The line from 1, or the item's place in the list from 0. */
            line: number;
        };
        /** @description `POST /api/v1/session`: the access key, once. */
        SessionRequest: {
            /** @description The access key from the link's fragment. */
            access_key: string;
        };
        /** @description `GET /api/v1/session`: who serves, and what time it is there. */
        SessionView: {
            /**
             * Format: double
             * @description How much faster than real time the server's clock runs; 1 but in a demo.
             */
            clock_scale: number;
            /** @description How many messages at least must be typed as a number before they are revoked together. */
            confirm_from: number;
            /** @description Whether the providers are simulated. */
            demo: boolean;
            /**
             * Format: int64
             * @description The server's clock, in milliseconds since 1970.
             */
            now: number;
            /** @description The server's version. */
            version: string;
        };
        /** @description One SMS as it would leave now. */
        SmsPreview: {
            /** @description What it costs, as far as that is known. */
            cost: Record<string, never>;
            /** @description Who it is from. */
            from: string;
            /** @description Of how many parts it is at least: each is paid for. */
            parts: number;
            /** @description The source whose account pays for it. */
            source: string;
            /** @description What it says. */
            text: string;
            /** @description Who gets it, masked. */
            to: string;
        };
        /** @description What there is to know of an SMS instead of one message. */
        SmsView: {
            /** @description What is to be done, and the number that the next SMS gets. */
            next: Record<string, never>;
            preview?: components["schemas"]["SmsPreview"] | null;
            /** @description Why there is no preview. */
            problem?: string | null;
            /** @description The SMS that were to leave, by their numbers. */
            sent: Record<string, never>[];
            /** @description Why, and what an SMS may duplicate. */
            words: Record<string, never>;
        };
        /** @description The state of one source. */
        SourceState: {
            /** @description Its name. */
            id: string;
            /** @description Whether it ever had a verified webhook; without one its silence proves nothing, but it works. */
            listening: boolean;
            /**
             * Format: int64
             * @description Webhooks refused since the start.
             */
            refused_webhooks: number;
        };
        /** @description One configured source, as `GET /api/v1/sources` lists it. */
        SourceView: {
            /** @description How the operator calls it. */
            label: string;
            /**
             * Format: int64
             * @description When its last verified webhook came; none if never, and then silence proves nothing.
             */
            last_webhook_at?: number | null;
            /** @description The figures in force. */
            policy: Record<string, never>;
            /**
             * Format: int64
             * @description Webhooks refused since the server started.
             */
            refused_webhooks: number;
            /** @description What the core needs to route and to preview. */
            source: Record<string, never>;
            /** @description The path that its webhooks come in on. */
            webhook_path: string;
        };
        /** @description What became of one item of a command. */
        Taken: {
            /** @enum {string} */
            taken: "made";
            /** @description Its id. */
            wish: string;
        } | {
            /** @enum {string} */
            taken: "already";
            /** @description Its id. */
            wish: string;
        } | {
            /** @description The stable code. */
            code: string;
            /** @description What to do. */
            detail: string;
            /** @enum {string} */
            taken: "refused";
        };
        /** @description `POST /api/v1/withdrawals`: take back what was not yet sent. */
        WithdrawalCommand: {
            /** @description The messages' keys. */
            messages: string[];
        };
        /** @description What a withdrawal did. */
        WithdrawalReport: {
            /** @description Messages without a live wish, or not known. */
            nothing_to_withdraw: number;
            /** @description Messages whose request had left already: nothing can take that back, but no retry follows. */
            too_late: number;
            /** @description Wishes taken back before anything was sent. */
            withdrawn: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_batches: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                after?: string;
                /** @description How many at most: 50 unless told, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_batch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the command again */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchCommand"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_batch: {
        parameters: {
            query?: {
                /** @description How people call it, at most 200 characters. */
                title?: string;
                /** @description Why, in the operator's words. */
                reason?: string;
                /** @description The source of messages for which several fit. */
                source?: string;
                /** @description Nothing is asked for before this instant. */
                not_before?: number;
                /** @description Ask even where the 24-hour window has closed. */
                override_window?: boolean;
                /** @description What shall follow. */
                then?: components["schemas"]["Follows"];
                /** @description The class of messages that nobody named one for. */
                class?: string;
                /** @description Ask once more for messages that were asked for already. */
                again?: boolean;
            };
            header?: {
                /** @description Makes it safe to send the text again */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
                "application/octet-stream": string;
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drop_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_batch_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_batch_ndjson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_batch_rejects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    command_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's id, such as bat_17 */
                batch: string;
                /** @description `start`, `pause`, `resume` or `abort` */
                command: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BatchOrder"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description Whether changes of messages are sent; with `false`, only those of batches are. */
                messages?: boolean;
            };
            header?: {
                /** @description The `id` of the last event that was seen */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["MessageView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_fallback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FallbackOrder"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackOrdered"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description Outcome codes, separated by commas. */
                outcome?: string;
                /** @description Only those of which the person got an SMS too, or may have. */
                duplicate?: boolean;
                /** @description A source's id. */
                source?: string;
                /** @description A batch's id: only its messages, but for those that a later batch has taken up. */
                batch?: string;
                /** @description The beginning of an id, or the end of a phone number. */
                q?: string;
                /** @description Where the last page ended. */
                after?: string;
                /** @description How many at most: 50 unless told, 500 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register_messages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrationAnswer"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_messages: {
        parameters: {
            query?: {
                /** @description The source of all rows; without it, each row's own words decide. */
                source?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lookup_messages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lookup"][];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message's key, such as vonage:aaaaaaaa-… */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDetail"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_revocations: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the command again */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevocationCommand"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevocationReport"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_revocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The wish's id, such as rev_01JD… */
                wish: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageView"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_revocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The wish's id, such as rev_01JD… */
                wish: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalReport"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_sources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceView"][];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_withdrawals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawalCommand"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalReport"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
