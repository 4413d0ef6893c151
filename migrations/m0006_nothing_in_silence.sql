-- What is kept so that nothing happens in silence: the requests that were refused, sums of every
-- hour, and events about the service itself.

-- Requests that did not verify, for `why`: the latest of each account and of everybody else
-- together. Notifications under a Client-Id of ours are in the quarantine instead.
CREATE TABLE refused_request (
    id INTEGER PRIMARY KEY,
    -- Null: it names no account of ours.
    account_id INTEGER,
    received_at INTEGER NOT NULL,
    -- Where it came in; 'other' is a path that is none of the gateway's, and its body was not read.
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    -- The path as sent, in part where it is long.
    target TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- The address that it came from, where it is known.
    source TEXT,
    -- The bytes that the headers and the body have: read for the bound, without reading them.
    bytes INTEGER NOT NULL,
    -- The header lines that matter: JSON array of [name, value].
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT refused_request_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT refused_request_kind_known CHECK (kind IN ('inquiry', 'notification', 'other'))
) STRICT;

CREATE INDEX refused_request_by_request ON refused_request (request_id);
CREATE INDEX refused_request_by_account ON refused_request (account_id, id);

-- What was asked, refused and paid in each hour, written with the rows that it counts; what was
-- refused, within seconds of it.
CREATE TABLE hour_sum (
    id INTEGER PRIMARY KEY,
    -- When it begins.
    hour INTEGER NOT NULL,
    -- Null: of no account of ours.
    account_id INTEGER,
    kind TEXT NOT NULL,
    -- The guard that answered, why it was refused, or the standing that the payment was given first.
    cause TEXT NOT NULL,
    -- Null where it is unknown.
    channel TEXT,
    count INTEGER NOT NULL,
    -- Whole rupiah: quoted, or paid.
    amount INTEGER NOT NULL,
    CONSTRAINT hour_sum_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT hour_sum_kind_known CHECK (kind IN ('asked', 'refused', 'paid')),
    CONSTRAINT hour_sum_whole_hour CHECK (hour % 3600000 = 0),
    CONSTRAINT hour_sum_counted CHECK (count >= 0 AND amount >= 0)
) STRICT;

CREATE UNIQUE INDEX hour_sum_once ON hour_sum (
    hour, ifnull(account_id, 0), kind, cause, ifnull(channel, '')
);

-- What is on record is summed too; of the journal the last 31 days, which is soon done.
INSERT INTO hour_sum (hour, account_id, kind, cause, channel, count, amount)
SELECT
    received_at / 3600000 * 3600000, account_id, 'asked', guard,
    CASE WHEN channel IN ('alfa', 'indomaret') THEN channel END, count(*),
    CAST(total(amount) AS INTEGER)
FROM inquiry INDEXED BY inquiry_by_time
WHERE received_at >= (unixepoch() - 31 * 86400) * 1000
GROUP BY 1, 2, 4, 5;

INSERT INTO hour_sum (hour, account_id, kind, cause, channel, count, amount)
SELECT
    received_at / 3600000 * 3600000, account_id, 'paid', classified_as, NULL, count(*),
    CAST(total(amount) AS INTEGER)
FROM payment
GROUP BY 1, 2, 4;

-- An event about the service itself has no account: that a finding began, or ended.
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
    attention_id INTEGER,
    attention_kind TEXT,
    -- Its stable name, its sentence, and when it began.
    finding TEXT,
    finding_text TEXT,
    finding_since INTEGER,
    CONSTRAINT event_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT event_import_exists FOREIGN KEY (import_id) REFERENCES import (id),
    CONSTRAINT event_attention_exists FOREIGN KEY (attention_id) REFERENCES attention (id),
    CONSTRAINT event_account_unless_of_service CHECK (
        account_id IS NOT NULL OR import_id IS NOT NULL OR finding IS NOT NULL
    ),
    CONSTRAINT event_finding_whole CHECK (
        (finding IS NULL) = (finding_text IS NULL) AND (finding IS NULL) = (finding_since IS NULL)
    )
) STRICT;

INSERT INTO event_of_every_kind (
    id, at, type, account_id, bill_id, bill_invoice_number, bill_payment_code, bill_amount,
    bill_state, payment_id, delivery_id, paid_invoice_number, paid_code, paid_amount, standing,
    flags, import_id, import_made, import_changed, attention_id, attention_kind
)
SELECT
    id, at, type, account_id, bill_id, bill_invoice_number, bill_payment_code, bill_amount,
    bill_state, payment_id, delivery_id, paid_invoice_number, paid_code, paid_amount, standing,
    flags, import_id, import_made, import_changed, attention_id, attention_kind
FROM event;

DROP TABLE event;
ALTER TABLE event_of_every_kind RENAME TO event;
