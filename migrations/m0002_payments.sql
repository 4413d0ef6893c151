-- Payments: the ledger of what DOKU delivered, what each delivery was read as, the payments that
-- they make together, what became of bills by them, and the events that tell of every change.

-- The ledger: what was delivered, byte for byte, in the order in which it was committed. Rows are
-- never changed and never deleted; each is chained to the one before:
--   hash = SHA-256 of: the previous hash, id, client_id, received_at, source, target, request_id,
--          sent_timestamp, SHA-256(body)
-- where each field is preceded by its length in bytes as a big-endian 32-bit number, numbers are
-- decimal text, and the first row's previous hash is 32 zero bytes. The chain finds damage; it
-- does not stop a thief who can write the file, unless a head was kept elsewhere.
CREATE TABLE delivery (
    -- Numbered without gaps.
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    -- Which of DOKU's protocols was spoken.
    dialect TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    -- 'notification', or 'check_status' where we asked.
    source TEXT NOT NULL,
    -- The path that was signed.
    target TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- DOKU's own timestamp, as sent: its form is not judged.
    sent_timestamp TEXT NOT NULL,
    body BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT delivery_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT delivery_dialect_known CHECK (dialect IN ('o2o')),
    CONSTRAINT delivery_source_known CHECK (source IN ('notification', 'check_status')),
    CONSTRAINT delivery_body_hash_length CHECK (length(body_hash) = 32),
    CONSTRAINT delivery_hash_length CHECK (length(hash) = 32)
) STRICT;

-- An equal delivery is counted, not appended.
CREATE UNIQUE INDEX delivery_once ON delivery (account_id, request_id, body_hash);

CREATE TRIGGER delivery_never_changes BEFORE UPDATE ON delivery
BEGIN
    SELECT raise(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER delivery_never_goes BEFORE DELETE ON delivery
BEGIN
    SELECT raise(ABORT, 'the ledger is append-only');
END;

-- One payment that a customer made, however often it was told. Its columns beyond the standing are
-- what the first delivery said, filled up by later ones where that was silent.
CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    -- The delivery that told of it first.
    delivery_id INTEGER NOT NULL,
    bill_id INTEGER,
    invoice_number TEXT,
    payment_code TEXT,
    -- Whole rupiah; null where it could not be read.
    amount INTEGER,
    paid_at INTEGER,
    -- JSON array of [name, value].
    identifiers TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    -- Decided once, and by which everything after it was decided.
    classified_as TEXT NOT NULL,
    -- The same, until somebody accepts it for a bill: then 'settled'.
    standing TEXT NOT NULL,
    -- Space-separated.
    flags TEXT NOT NULL,
    -- It made this single-use bill wait.
    held_bill_id INTEGER,
    -- The single-use bill that it paid.
    paid_bill_id INTEGER,
    resolution TEXT,
    resolution_bill_id INTEGER,
    resolution_note TEXT,
    resolved_by TEXT,
    resolved_at INTEGER,
    -- What was there when it was classified: bills, changes and former terms with a higher id
    -- came later. They put everything into one order, which no clock could, and `check` derives
    -- the payment again from what was there.
    bill_horizon INTEGER NOT NULL,
    change_horizon INTEGER NOT NULL,
    terms_horizon INTEGER NOT NULL,
    -- A BIN of the account prefixed the code: settings change, this does not.
    code_is_ours INTEGER NOT NULL,
    -- Somebody has to look at it: kept beside the columns that it follows from for its index.
    needs_attention INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    CONSTRAINT payment_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT payment_delivery_exists FOREIGN KEY (delivery_id) REFERENCES delivery (id),
    CONSTRAINT payment_bill_exists FOREIGN KEY (bill_id) REFERENCES bill (id),
    CONSTRAINT payment_amount_range CHECK (amount BETWEEN 1 AND 999999999999),
    CONSTRAINT payment_standing_known CHECK (
        standing IN (
            'settled', 'duplicate', 'amount_mismatch', 'after_cancel', 'unmatched', 'foreign',
            'unreadable'
        )
    ),
    CONSTRAINT payment_resolution_known CHECK (
        resolution IN ('accept', 'refunded', 'dismiss')
    ),
    CONSTRAINT payment_resolved_whole CHECK (
        (resolution IS NULL) = (resolved_at IS NULL)
        AND (resolution IS NULL) = (resolved_by IS NULL)
    )
) STRICT;

-- The last word on "paid exactly once": whatever the code above it does, SQLite refuses a second.
CREATE UNIQUE INDEX payment_pays_once ON payment (paid_bill_id) WHERE paid_bill_id IS NOT NULL;

CREATE INDEX payment_by_invoice ON payment (account_id, invoice_number);
CREATE INDEX payment_by_bill ON payment (bill_id, id) WHERE bill_id IS NOT NULL;
CREATE INDEX payment_by_held_bill ON payment (held_bill_id) WHERE held_bill_id IS NOT NULL;
CREATE INDEX payment_by_standing ON payment (standing, id);
CREATE INDEX payment_attention ON payment (id) WHERE needs_attention = 1;

-- What a delivery was read as. All of it can be read again from the ledger's body, and `check`
-- does; only the number of repeats stands here alone.
CREATE TABLE notification (
    delivery_id INTEGER PRIMARY KEY,
    -- Null exactly where it is no payment (not_success).
    payment_id INTEGER,
    -- transaction.status as sent.
    status TEXT,
    invoice_number TEXT,
    payment_code TEXT,
    amount INTEGER,
    -- transaction.date as sent.
    date_text TEXT,
    -- JSON array of [name, value].
    identifiers TEXT NOT NULL,
    is_our_service INTEGER NOT NULL,
    -- It was classified at a later start than the one that recorded it, and so perhaps behind
    -- deliveries with a higher number.
    was_pending INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER NOT NULL DEFAULT 0,
    last_repeat_at INTEGER,
    CONSTRAINT notification_delivery_exists FOREIGN KEY (delivery_id) REFERENCES delivery (id),
    CONSTRAINT notification_payment_exists FOREIGN KEY (payment_id) REFERENCES payment (id)
) STRICT;

CREATE INDEX notification_by_payment ON notification (payment_id, delivery_id);

-- Terms that a bill no longer has, and until when it had them: a customer pays what he was quoted.
-- The bill's own row has the terms that are in force.
CREATE TABLE bill_terms (
    id INTEGER PRIMARY KEY,
    bill_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    expires_at INTEGER,
    until INTEGER NOT NULL,
    CONSTRAINT bill_terms_bill_exists FOREIGN KEY (bill_id) REFERENCES bill (id)
) STRICT;

CREATE INDEX bill_terms_by_bill ON bill_terms (bill_id, id);

-- The payment that changed it, if one did.
ALTER TABLE bill_change ADD COLUMN payment_id INTEGER;

-- Every change in its order, to be read and read again. Snapshots, not references: a reader who
-- comes late is told what was true then.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    bill_id INTEGER,
    bill_invoice_number TEXT,
    bill_payment_code TEXT,
    bill_amount INTEGER,
    bill_state TEXT,
    payment_id INTEGER,
    -- The delivery that told of the payment first.
    delivery_id INTEGER,
    -- What was paid, which is not always what the bill says.
    paid_invoice_number TEXT,
    paid_code TEXT,
    paid_amount INTEGER,
    standing TEXT,
    flags TEXT,
    CONSTRAINT event_account_exists FOREIGN KEY (account_id) REFERENCES account (id)
) STRICT;

-- Which history event ids belong to: a restored copy begins a new one.
CREATE TABLE epoch (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    began_at INTEGER NOT NULL
) STRICT;

INSERT INTO epoch (name, began_at)
VALUES (lower(hex(randomblob(8))), unixepoch() * 1000);

-- What did not verify under a Client-Id of ours: perhaps money behind a mistake of ours in a path
-- or a secret. A ring, apart from the ledger; what passes later moves there.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    -- The header lines as they came: JSON array of [name, value].
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    -- Over headers and body: the same request again is counted.
    hash BLOB NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT quarantine_account_exists FOREIGN KEY (account_id) REFERENCES account (id)
) STRICT;

CREATE UNIQUE INDEX quarantine_once ON quarantine (account_id, hash);
