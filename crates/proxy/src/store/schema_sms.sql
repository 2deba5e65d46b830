-- What version 3 brought, for new files and old ones alike: SMS instead of messages, and what people want.

CREATE INDEX messages_sms_due ON messages (sms_via, sms_due_at) WHERE sms_due_at IS NOT NULL;
-- Who may have got the message and an SMS.
CREATE INDEX messages_duplicate ON messages (seq) WHERE view ->> '$.outcome.duplicate' IS NOT NULL;
CREATE INDEX messages_sms_open ON messages (key) WHERE sms_open IS NOT NULL;

-- Instead of which message an SMS was sent, by what its webhooks call it: our reference, and its provider's id once that
-- is known. `rcs-revoke rebuild` makes it again.
CREATE TABLE sms (
    reference   TEXT PRIMARY KEY,
    n           INTEGER NOT NULL,
    fallback    INTEGER NOT NULL,
    provider_id TEXT
) WITHOUT ROWID;
CREATE INDEX sms_n ON sms (n);
CREATE INDEX sms_provider_id ON sms (provider_id) WHERE provider_id IS NOT NULL;

-- What people said about an agent's advertising: every word of theirs, with the source that it was heard for.
CREATE TABLE consents (
    agent       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    source      TEXT NOT NULL,
    identity    TEXT NOT NULL,
    subscribed  INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    consent     TEXT NOT NULL,
    PRIMARY KEY (agent, phone, source, identity)
) WITHOUT ROWID;
