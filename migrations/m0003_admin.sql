-- What the complete admin API keeps: whose key it is and when it was last used, who made a bill,
-- imports and what they did, the history of the kill switch, backups and restorations.

-- Null: every account.
ALTER TABLE admin_key ADD COLUMN account_id INTEGER
    CONSTRAINT admin_key_account_exists REFERENCES account (id);
-- Names of the keys that made and revoked it; null where the service or the command line did.
ALTER TABLE admin_key ADD COLUMN created_by TEXT;
ALTER TABLE admin_key ADD COLUMN revoked_by TEXT;
-- To the minute: a use is not worth a commit of its own.
ALTER TABLE admin_key ADD COLUMN last_used_at INTEGER;

-- Histories name keys, so a name in use is nobody else's.
CREATE UNIQUE INDEX admin_key_name_once ON admin_key (name) WHERE revoked_at IS NULL;

-- Name of the admin key that made the bill, also through an import; null where nobody kept it.
ALTER TABLE bill ADD COLUMN created_by TEXT;
ALTER TABLE bill ADD COLUMN import_id INTEGER;

-- Lists by state, newest first, also of the three held bills among ten million.
CREATE INDEX bill_by_state ON bill (state, id);
-- What expires next.
CREATE INDEX bill_by_expiry ON bill (expires_at, id)
WHERE state IN ('open', 'held') AND expires_at IS NOT NULL;

-- "Why was this answered?" is asked by DOKU's Request-Id or by the customer's code.
CREATE INDEX inquiry_by_request ON inquiry (request_id);
CREATE INDEX inquiry_by_code ON inquiry (payment_code, id) WHERE payment_code IS NOT NULL;

-- One file of bills. Its rows wait in a file of their own beside the database; what became of
-- them stands here.
CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    -- The account that was asked for; null: each row by its BIN.
    account_id INTEGER,
    actor TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    format TEXT NOT NULL,
    amount_format TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- What is being done; null when nothing is.
    phase TEXT,
    failure TEXT,
    -- Bytes and rows received, rows compared with the bills that are there.
    bytes INTEGER NOT NULL DEFAULT 0,
    rows INTEGER NOT NULL DEFAULT 0,
    checked INTEGER NOT NULL DEFAULT 0,
    -- What the comparison came to.
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    -- What was done. The last row that was dealt with is where a crash goes on from.
    applied_row INTEGER NOT NULL DEFAULT 0,
    applied_new INTEGER NOT NULL DEFAULT 0,
    applied_changed INTEGER NOT NULL DEFAULT 0,
    overtaken INTEGER NOT NULL DEFAULT 0,
    -- The last note that belongs to it: what a crash left behind that one is told again.
    noted INTEGER NOT NULL DEFAULT 0,
    undone_by TEXT,
    -- The last bill that it made and the last change of its that were dealt with.
    undone_bill INTEGER NOT NULL DEFAULT 0,
    undone_change INTEGER,
    undone_cancelled INTEGER NOT NULL DEFAULT 0,
    undone_restored INTEGER NOT NULL DEFAULT 0,
    undone_kept INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT import_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT import_format_known CHECK (format IN ('csv', 'ndjson')),
    CONSTRAINT import_state_known CHECK (
        state IN ('running', 'checked', 'applied', 'refused', 'failed', 'undone')
    ),
    CONSTRAINT import_phase_while_running CHECK ((phase IS NULL) = (state <> 'running'))
) STRICT;

-- Bills that an import made: ids without a gap, because one commit made them and one writer
-- writes. A list of a million ids would double the cost of an import.
CREATE TABLE import_batch (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    first_bill_id INTEGER NOT NULL,
    last_bill_id INTEGER NOT NULL,
    CONSTRAINT import_batch_import_exists FOREIGN KEY (import_id) REFERENCES import (id),
    CONSTRAINT import_batch_order CHECK (first_bill_id <= last_bill_id)
) STRICT;

CREATE INDEX import_batch_by_import ON import_batch (import_id, id);

-- What a bill was before an import changed it.
CREATE TABLE import_change (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL,
    bill_id INTEGER NOT NULL,
    -- The line in the bill's history that tells of it: a later one is a later edit.
    change_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    expires_at INTEGER,
    customer_name TEXT NOT NULL,
    customer_email TEXT,
    info TEXT,
    metadata TEXT,
    CONSTRAINT import_change_import_exists FOREIGN KEY (import_id) REFERENCES import (id),
    CONSTRAINT import_change_bill_exists FOREIGN KEY (bill_id) REFERENCES bill (id)
) STRICT;

CREATE INDEX import_change_by_import ON import_change (import_id, id);
CREATE INDEX import_change_by_bill ON import_change (bill_id);

-- An import may bring bills of several accounts and is one event all the same, so an event's
-- account may be null; and it says how many bills the import made and changed.
CREATE TABLE event_of_every_kind (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    account_id INTEGER,
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
    import_id INTEGER,
    -- Bills that it made and changed; of an undo: cancelled and restored.
    import_made INTEGER,
    import_changed INTEGER,
    CONSTRAINT event_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT event_import_exists FOREIGN KEY (import_id) REFERENCES import (id),
    CONSTRAINT event_account_unless_import CHECK (
        account_id IS NOT NULL OR import_id IS NOT NULL
    )
) STRICT;

INSERT INTO event_of_every_kind (
    id, at, type, account_id, bill_id, bill_invoice_number, bill_payment_code, bill_amount,
    bill_state, payment_id, delivery_id, paid_invoice_number, paid_code, paid_amount, standing,
    flags
)
SELECT
    id, at, type, account_id, bill_id, bill_invoice_number, bill_payment_code, bill_amount,
    bill_state, payment_id, delivery_id, paid_invoice_number, paid_code, paid_amount, standing,
    flags
FROM event;

DROP TABLE event;
ALTER TABLE event_of_every_kind RENAME TO event;

-- Who paused and resumed, and why: what `why` tells of an inquiry long after.
CREATE TABLE pause_change (
    id INTEGER PRIMARY KEY,
    -- Null: every account.
    account_id INTEGER,
    at INTEGER NOT NULL,
    change TEXT NOT NULL,
    reason TEXT,
    actor TEXT NOT NULL,
    CONSTRAINT pause_change_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT pause_change_known CHECK (change IN ('paused', 'resumed'))
) STRICT;

INSERT INTO pause_change (account_id, at, change, reason, actor)
SELECT account_id, paused_at, 'paused', reason, actor FROM pause ORDER BY id;

-- Copies that were taken. Each is written before its copy is made, so that a copy knows when it
-- was taken and how far the ledger went.
CREATE TABLE backup (
    id INTEGER PRIMARY KEY,
    taken_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    -- Zero and 32 zero bytes where the ledger is empty.
    ledger_number INTEGER NOT NULL,
    ledger_hash BLOB NOT NULL,
    CONSTRAINT backup_ledger_hash_length CHECK (length(ledger_hash) = 32)
) STRICT;

-- That this database is a copy put back. What happened between the copy and now is known to DOKU
-- alone, until a reconciliation has asked or somebody has taken the risk.
CREATE TABLE restoration (
    id INTEGER PRIMARY KEY,
    backed_up_at INTEGER NOT NULL,
    restored_at INTEGER NOT NULL,
    reconciled_at INTEGER,
    -- Name of the admin key that took the risk.
    accepted_by TEXT
) STRICT;
