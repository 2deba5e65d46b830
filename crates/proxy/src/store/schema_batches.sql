-- What version 4 brought, for new files and old ones alike: batches.

-- Messages of a batch, which is the latest that took them up, by outcome.
CREATE INDEX messages_batch ON messages (batch, outcome, seq, source) WHERE batch IS NOT NULL;
-- With the source, so that a list of one source's messages is found without a look at the others.
DROP INDEX messages_seq;
CREATE UNIQUE INDEX messages_seq ON messages (seq, source);
DROP INDEX messages_outcome;
CREATE INDEX messages_outcome ON messages (outcome, seq, source);
-- What is due, in both orders of work.
CREATE INDEX messages_due ON messages (source, sent_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_closing ON messages (source, window_closes) WHERE due_at IS NOT NULL AND window_closes IS NOT NULL;

-- Many messages taken back by one decision: what holds for all of them, and how far it is.
CREATE TABLE batches (
    number     INTEGER PRIMARY KEY,
    state      TEXT NOT NULL,
    by         TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    terms      TEXT NOT NULL,
    plan       TEXT NOT NULL,
    -- Requests over time.
    history    TEXT
);
CREATE INDEX batches_open ON batches (number) WHERE ended_at IS NULL;

-- What is not asked for yet, the youngest message first: a row goes in the commit that records its wish.
CREATE TABLE batch_items (
    batch         INTEGER NOT NULL,
    source        TEXT NOT NULL,
    -- Grows with the message's age; 0 where that is not known.
    age           INTEGER NOT NULL,
    i             INTEGER NOT NULL,
    key           TEXT NOT NULL,
    -- What the operator's text tells of it.
    phone         TEXT,
    sent_at       INTEGER,
    window_closes INTEGER,
    PRIMARY KEY (batch, source, age, i)
) WITHOUT ROWID;

-- What is not asked for at all, and why: rows that could not be taken, and messages that are skipped.
CREATE TABLE batch_notes (
    batch     INTEGER NOT NULL,
    i         INTEGER NOT NULL,
    -- The row's place in the text; none for a message that is skipped.
    line      INTEGER,
    col       INTEGER,
    code      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    -- The row's text, or the message's key.
    text      TEXT NOT NULL,
    PRIMARY KEY (batch, i)
) WITHOUT ROWID;

-- How many there are of what: of each outcome, and in a batch of what is still to be asked for, by source. Batch 0 is
-- all messages. `rcs-revoke rebuild` counts again.
CREATE TABLE tallies (
    batch INTEGER NOT NULL,
    what  TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (batch, what)
) WITHOUT ROWID;
INSERT INTO tallies SELECT 0, outcome, count(*) FROM messages GROUP BY outcome;
