-- What keeps money in sight and the file honest: what deserves a person's attention, how each
-- delivery was read, what a bill was held by, and what the service knows of its own file.

-- Whether the signature of a delivery was verified. 0: an answer of Check Status without one, where
-- the settings say that this DOKU does not sign. Null: recorded before this was kept.
ALTER TABLE delivery ADD COLUMN signed INTEGER
    CONSTRAINT delivery_signed_flag CHECK (signed IN (0, 1));

-- DOKU is asked again until an invoice is paid, under a new Request-Id each time: an equal answer
-- is counted, not appended.
CREATE INDEX delivery_answer ON delivery (account_id, target, body_hash)
WHERE source = 'check_status';

-- What a person should look at and no payment's row can say. Each entry follows from one delivery
-- and changes no bill and no payment.
CREATE TABLE attention (
    id INTEGER PRIMARY KEY,
    -- 'unknown_status', 'contradicts_payment', 'unsigned_answer'; more come, so no list is checked
    -- here.
    kind TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    -- The delivery's own payment, or the one that came before it under the same invoice number.
    payment_id INTEGER,
    since INTEGER NOT NULL,
    resolved_at INTEGER,
    -- Name of the admin key.
    resolved_by TEXT,
    note TEXT,
    CONSTRAINT attention_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT attention_delivery_exists FOREIGN KEY (delivery_id) REFERENCES delivery (id),
    CONSTRAINT attention_payment_exists FOREIGN KEY (payment_id) REFERENCES payment (id),
    CONSTRAINT attention_once UNIQUE (delivery_id, kind),
    CONSTRAINT attention_resolved_whole CHECK (
        (resolved_at IS NULL) = (resolved_by IS NULL)
        AND (note IS NULL OR resolved_at IS NOT NULL)
    )
) STRICT;

CREATE INDEX attention_open ON attention (id) WHERE resolved_at IS NULL;

-- What an earlier version recorded is listed by the same rules: a reversal that nobody saw is money
-- all the same.
INSERT INTO attention (kind, account_id, delivery_id, payment_id, since)
SELECT
    CASE WHEN word IN ('FAILED', 'EXPIRED') THEN 'contradicts_payment' ELSE 'unknown_status' END,
    account_id, delivery_id, paid_by, received_at
FROM (
    SELECT
        delivery.account_id, delivery.received_at, delivery_id,
        upper(trim(status, ' ' || char(9, 10, 13))) AS word,
        (
            SELECT max(payment.id) FROM payment
            WHERE payment.account_id = delivery.account_id
                AND payment.invoice_number = notification.invoice_number
                AND payment.delivery_id < notification.delivery_id
                AND payment.classified_as NOT IN ('foreign', 'unreadable')
        ) AS paid_by
    FROM notification JOIN delivery ON delivery.id = delivery_id
    WHERE notification.payment_id IS NULL AND is_our_service = 1
)
WHERE CASE word
    WHEN 'PENDING' THEN 0
    WHEN 'FAILED' THEN paid_by IS NOT NULL
    WHEN 'EXPIRED' THEN paid_by IS NOT NULL
    ELSE 1
END
ORDER BY delivery_id;

-- An event about an entry: its delivery is that of the entry, its payment and bill, if there are
-- any, are as they were then.
ALTER TABLE event ADD COLUMN attention_id INTEGER
    CONSTRAINT event_attention_exists REFERENCES attention (id);
ALTER TABLE event ADD COLUMN attention_kind TEXT;

-- The quarantine. A request that a configured secret has signed, though with a known mistake, is
-- no forgery: it is counted apart from the others and never makes room for them. Null: no known
-- mistake gives the signature that came.
ALTER TABLE quarantine ADD COLUMN mistake TEXT;

-- How many of each kind an account has, read before a request is kept.
CREATE INDEX quarantine_by_kind ON quarantine (account_id, mistake);

-- What a start found missing by the mark beside the database: commits that were lost with a
-- write-ahead log. Null where the database is a copy that was put back.
ALTER TABLE restoration ADD COLUMN missing TEXT;

-- The time by which the journal's old rows were last deleted, one row. It moves by a day at a start
-- and then with the uptime, so that a clock that is years ahead does not delete the journal.
CREATE TABLE journal_pruning (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    CONSTRAINT journal_pruning_one_row CHECK (id = 1)
) STRICT;

-- The last walk over every page that came to its end, one row: a service that starts again reports
-- what it found, and `loket check` asks the service.
CREATE TABLE page_walk (
    id INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    -- One line each.
    problems TEXT NOT NULL,
    CONSTRAINT page_walk_one_row CHECK (id = 1)
) STRICT;

-- Decisions on payments. Every decision is kept, and that it was taken back; the payment's own
-- columns have the one that is in force.
CREATE TABLE payment_decision (
    id INTEGER PRIMARY KEY,
    payment_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    -- The bill that the payment was accepted for.
    bill_id INTEGER,
    note TEXT,
    -- Name of the admin key.
    actor TEXT NOT NULL,
    -- The payment's bill before the decision.
    former_bill_id INTEGER,
    -- The last rows when it was made, its own changes of bills among them. Null: it was made
    -- before this was kept.
    bill_horizon INTEGER,
    change_horizon INTEGER,
    payment_horizon INTEGER,
    -- When and by whom it was taken back, and why.
    reopened_at INTEGER,
    reopened_by TEXT,
    reopen_note TEXT,
    CONSTRAINT payment_decision_payment_exists FOREIGN KEY (payment_id) REFERENCES payment (id),
    CONSTRAINT payment_decision_action_known CHECK (action IN ('accept', 'refunded', 'dismiss')),
    CONSTRAINT payment_decision_reopened_whole CHECK (
        (reopened_at IS NULL) = (reopened_by IS NULL)
    )
) STRICT;

CREATE INDEX payment_decision_by_payment ON payment_decision (payment_id, id);
-- Of a payment's decisions one is in force.
CREATE UNIQUE INDEX payment_decision_in_force ON payment_decision (payment_id)
WHERE reopened_at IS NULL;

INSERT INTO payment_decision (payment_id, at, action, bill_id, note, actor)
SELECT id, resolved_at, resolution, resolution_bill_id, resolution_note, resolved_by
FROM payment WHERE resolution IS NOT NULL ORDER BY resolved_at, id;

-- Holds. A bill that is made after its money is held for it: a change 'held' that names the
-- payment. Of a reusable bill, which stays open, a change 'flagged' names it.

-- Payments that a new bill may be held for, by its number: few rows, however many there are.
CREATE INDEX payment_unmatched ON payment (account_id, invoice_number)
WHERE classified_as = 'unmatched' AND resolution IS NULL;
CREATE INDEX payment_by_code ON payment (account_id, payment_code)
WHERE payment_code IS NOT NULL;
-- The bills that a payment holds.
CREATE INDEX bill_change_hold ON bill_change (payment_id) WHERE change IN ('held', 'flagged');

-- Bills that it made, or opened again, and held.
ALTER TABLE import ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

-- Bills up to this one were made before there were such holds.
CREATE TABLE hold_horizon (
    id INTEGER PRIMARY KEY,
    bill_id INTEGER NOT NULL
) STRICT;

INSERT INTO hold_horizon (bill_id) SELECT ifnull(max(id), 0) FROM bill;

-- The version of the reader by which a delivery was read (ReaderVersion). Rules of reading change,
-- and what was decided by the old ones stays decided: `check` reads each delivery by its own. What
-- was noted before this column was read by the first.
ALTER TABLE notification ADD COLUMN reader INTEGER NOT NULL DEFAULT 1
    CONSTRAINT notification_reader_counted CHECK (reader >= 1);
