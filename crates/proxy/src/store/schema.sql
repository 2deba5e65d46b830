-- What we did and were told is in `facts`, `consents`, `unclaimed` and `idempotency`, and is kept. The rest can be made
-- again from the facts, but for which message a number stands for, and its source: the columns `n`, `key`, `source` of `messages`.

-- What the facts of each message mean, as of `folded_at`. `rcs-revoke rebuild` makes it again. `batch` is the latest that
-- made a wish for it, `due_batch` that of the wish that is due.
CREATE TABLE messages (
    n             INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    id            TEXT NOT NULL,
    source        TEXT,
    outcome       TEXT NOT NULL,
    due_at        INTEGER,
    look_at       INTEGER,
    folded_at     INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    seq           INTEGER NOT NULL,
    phone_reversed TEXT,
    sent_at       INTEGER,
    window_closes INTEGER,
    view          TEXT NOT NULL,
    sms_due_at    INTEGER,
    -- The source whose account sends the SMS that is due.
    sms_via       TEXT,
    sms_open      INTEGER,
    batch         INTEGER,
    due_batch     INTEGER
);
CREATE UNIQUE INDEX messages_seq ON messages (seq);
CREATE INDEX messages_outcome ON messages (outcome, seq);
CREATE INDEX messages_id ON messages (id);
CREATE INDEX messages_phone ON messages (phone_reversed) WHERE phone_reversed IS NOT NULL;
CREATE INDEX messages_look ON messages (look_at) WHERE look_at IS NOT NULL;

-- What we did and were told; never changed but for an equal key told earlier.
CREATE TABLE facts (
    n    INTEGER NOT NULL,
    key  TEXT NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (n, key)
) WITHOUT ROWID;
-- Finds the message of a wish.
CREATE INDEX facts_wish ON facts (key) WHERE key >= 'requested:' AND key < 'requested;';

-- Verified webhooks that belong to no message of ours yet, or that this build cannot read.
CREATE TABLE unclaimed (
    digest      TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    provider    TEXT NOT NULL,
    source      TEXT NOT NULL,
    message     TEXT,
    received_at INTEGER NOT NULL,
    event       TEXT,
    -- What the headers say that the body does not; never a token or a signature.
    headers     TEXT NOT NULL,
    body        TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX unclaimed_age ON unclaimed (kind, received_at);
CREATE INDEX unclaimed_message ON unclaimed (message) WHERE message IS NOT NULL;

-- What the sources taught us.
CREATE TABLE sources (
    id     TEXT PRIMARY KEY,
    learnt TEXT NOT NULL
) WITHOUT ROWID;

-- Commands that were given with a key, so that giving them again does nothing new.
CREATE TABLE idempotency (
    key    TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    report TEXT,
    at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (at);
