-- Bills, the journal of inquiries, admin keys and the kill switch.
--
-- Times are UTC epoch milliseconds, money is whole rupiah, codes and ids are ASCII text. Every
-- table is STRICT: a column holds what it says or the write fails.

-- 'LOKT': tells our file from any other SQLite database.
PRAGMA application_id = 1280265044;

-- One DOKU Client-Id. A small number stands for it in every other table and index.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    CONSTRAINT account_client_id_unique UNIQUE (client_id),
    CONSTRAINT account_client_id_length CHECK (length(client_id) BETWEEN 1 AND 128)
) STRICT;

CREATE TABLE bill (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    -- BIN and unique payment code together: text, because leading zeros count.
    payment_code TEXT NOT NULL,
    invoice_number TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reusable INTEGER NOT NULL,
    expires_at INTEGER,
    -- 'expired' is not among them: it is read from the clock, so that nothing has to run for a
    -- bill to expire.
    state TEXT NOT NULL,
    cancel_reason TEXT,
    customer_name TEXT NOT NULL,
    customer_email TEXT,
    info TEXT,
    -- The merchant's own JSON object; never sent to DOKU.
    metadata TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    -- Over everything that an answer is made of: SQLite's own integrity check does not see a
    -- flipped bit in a cell, and a wrong amount is lost money.
    checksum INTEGER NOT NULL,
    CONSTRAINT bill_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT bill_payment_code_digits CHECK (
        length(payment_code) BETWEEN 1 AND 25 AND payment_code NOT GLOB '*[^0-9]*'
    ),
    CONSTRAINT bill_invoice_number_length CHECK (length(invoice_number) BETWEEN 1 AND 64),
    CONSTRAINT bill_amount_range CHECK (amount BETWEEN 1 AND 999999999999),
    CONSTRAINT bill_reusable_flag CHECK (reusable IN (0, 1)),
    CONSTRAINT bill_state_known CHECK (
        state IN ('open', 'held', 'paid', 'cancelled', 'replaced')
    ),
    CONSTRAINT bill_cancel_reason_when_cancelled CHECK (
        cancel_reason IS NULL OR state = 'cancelled'
    ),
    CONSTRAINT bill_customer_name_length CHECK (length(customer_name) BETWEEN 1 AND 64)
) STRICT;

-- An invoice number names one bill of its account for ever: a payment is matched by nothing else.
CREATE UNIQUE INDEX bill_invoice_number_unique ON bill (account_id, invoice_number);

-- At most one bill holds a code. It is also the index that an inquiry is answered from.
CREATE UNIQUE INDEX bill_code_held_once ON bill (account_id, payment_code)
WHERE state IN ('open', 'held');

-- The bills that once held a code, newest last. A bill stands in this index or in the one above,
-- never in both, so that a million open bills are indexed by code once.
CREATE INDEX bill_code_history ON bill (account_id, payment_code, id)
WHERE state NOT IN ('open', 'held');

-- What happened to a bill after it was made. Its making is the bill's own row: writing it here
-- too would double the cost of every import and tell nothing more.
CREATE TABLE bill_change (
    id INTEGER PRIMARY KEY,
    bill_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- 'cancelled', 'replaced'; later migrations bring more, so no list is checked here.
    change TEXT NOT NULL,
    -- Name of the admin key, or null where the service did it by itself.
    actor TEXT,
    detail TEXT,
    CONSTRAINT bill_change_bill_exists FOREIGN KEY (bill_id) REFERENCES bill (id)
) STRICT;

CREATE INDEX bill_change_by_bill ON bill_change (bill_id, id);

-- The journal: every verified inquiry, answered or declined, as it was answered.
CREATE TABLE inquiry (
    id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    -- Which of DOKU's protocols was spoken.
    dialect TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    -- Not unique: whether DOKU repeats one is not documented, and each inquiry is its own row.
    request_id TEXT NOT NULL,
    -- As sent, well formed or not, cut to 64 characters; null where none could be read.
    payment_code TEXT,
    channel TEXT,
    acquirer TEXT,
    guard TEXT NOT NULL,
    -- The bill it was answered from. No foreign key: checking it would cost the one writer a
    -- random page for each row, and a bill is never deleted.
    bill_id INTEGER,
    -- What was quoted; null in a decline.
    amount INTEGER,
    invoice_number TEXT,
    duration_us INTEGER NOT NULL,
    -- Our clock less DOKU's timestamp.
    skew_ms INTEGER NOT NULL,
    CONSTRAINT inquiry_account_exists FOREIGN KEY (account_id) REFERENCES account (id)
) STRICT;

-- What is old is found by it. Rows come in the order of their time, so it grows at its end only.
CREATE INDEX inquiry_by_time ON inquiry (received_at);

CREATE TABLE admin_key (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- SHA-256 of the key. A key has at least 128 random bits, so a plain hash is enough.
    hash BLOB NOT NULL,
    -- Space-separated: read write keys backup.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CONSTRAINT admin_key_hash_unique UNIQUE (hash),
    CONSTRAINT admin_key_hash_length CHECK (length(hash) = 32)
) STRICT;

-- The kill switch: while a row is here, inquiries are declined. A null account means all of them.
CREATE TABLE pause (
    id INTEGER PRIMARY KEY,
    account_id INTEGER,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    paused_at INTEGER NOT NULL,
    CONSTRAINT pause_account_exists FOREIGN KEY (account_id) REFERENCES account (id)
) STRICT;

CREATE UNIQUE INDEX pause_once ON pause (ifnull(account_id, 0));
