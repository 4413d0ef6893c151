-- What a merchant's systems and people ask and receive: files as other programs write them, payments
-- by date, names by their words, and webhooks.

-- Imports ----------------------------------------------------------------------------------------

-- How the file of an import was written, which file it was, and how much its rows lower.

-- The options with which the file was read, as a JSON object; null for imports before this column,
-- which had `format` and `amount_format` only.
ALTER TABLE import ADD COLUMN options TEXT;
ALTER TABLE import ADD COLUMN file_name TEXT;
ALTER TABLE import ADD COLUMN note TEXT;

-- The bills whose amount falls, and by how many rupiah in all.
ALTER TABLE import ADD COLUMN lowered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN lowered_by INTEGER NOT NULL DEFAULT 0;
-- What the open bills that the rows name owed before, and what they owe by the rows.
ALTER TABLE import ADD COLUMN owed_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN owed_after INTEGER NOT NULL DEFAULT 0;
-- Whether the sender accepted the warnings: without this an import with a warning is refused.
ALTER TABLE import ADD COLUMN accepts_warnings INTEGER NOT NULL DEFAULT 0;

-- Customers who were forgotten while an import was running are forgotten in its file when it ends.
CREATE INDEX bill_change_forgotten ON bill_change (at) WHERE change = 'forgotten';

-- Payments by date --------------------------------------------------------------------------------

-- The counter that DOKU named, `channel.id` as sent. Null: the body names none, or an earlier
-- version recorded the notification and it is not yet read again.
ALTER TABLE notification ADD COLUMN channel TEXT;

-- Notifications up to `last` were recorded before there was the column above. SQL cannot read them:
-- the service does, a few at a time, and has done so up to `done`. One row; none if there is nothing
-- to read.
CREATE TABLE channel_reading (
    id INTEGER PRIMARY KEY,
    done INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT channel_reading_one_row CHECK (id = 1),
    CONSTRAINT channel_reading_in_order CHECK (done <= last)
) STRICT;

INSERT INTO channel_reading (id, done, last)
SELECT 1, 0, max(delivery_id) FROM notification HAVING count(*) > 0;

-- The time by which a payment is accounted for: its own, or that of its receipt where its own could
-- not be read. An expression and not a generated column, with which SQLite 3.40 fails at VACUUM INTO.
CREATE INDEX payment_by_time ON payment (coalesce(paid_at, received_at), id);
-- For a small account beside a large one: without this index, each page would read the payments of
-- the large one.
CREATE INDEX payment_by_account ON payment (account_id, coalesce(paid_at, received_at), id);

-- The decisions of the last day among many.
CREATE INDEX payment_decision_by_time ON payment_decision (at, payment_id)
WHERE reopened_at IS NULL;

-- Names ------------------------------------------------------------------------------------------

-- The words of customers' names, for the search by name. A table of words and not a full-text
-- index: that would cost an import more than half of its speed, and keep deleted names.

-- Without case and diacritics. SQL cannot fold names, and no import or payment waits for words: the
-- service writes them in the background, in the order of the bills.
CREATE TABLE bill_word (
    word TEXT NOT NULL,
    bill_id INTEGER NOT NULL,
    -- There is no foreign key: a check would read a page of bills for each word, and no bill is
    -- ever deleted.
    CONSTRAINT bill_word_once PRIMARY KEY (word, bill_id)
) STRICT, WITHOUT ROWID;

-- The words of all bills up to `done` are in the table. Words of later bills may be there too, but
-- never a word that the bill's present name does not have. While `clears` is 1, the table is being
-- emptied, and then it is filled from the first bill. One row; none before the first words.
CREATE TABLE bill_word_fill (
    id INTEGER PRIMARY KEY,
    done INTEGER NOT NULL,
    clears INTEGER NOT NULL,
    CONSTRAINT bill_word_fill_one_row CHECK (id = 1),
    CONSTRAINT bill_word_fill_done_range CHECK (done >= 0),
    CONSTRAINT bill_word_fill_clears_flag CHECK (clears IN (0, 1)),
    CONSTRAINT bill_word_fill_clears_all CHECK (clears = 0 OR done = 0)
) STRICT;

-- The words wait for imports, and look for them after many commits.
CREATE INDEX import_running ON import (id) WHERE state = 'running';

-- Webhooks ---------------------------------------------------------------------------------------

-- Webhooks: URLs to which events are sent. The table `event` is the outbox: a webhook has a cursor in
-- it, and a payment writes nothing for a webhook.

CREATE TABLE webhook (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    -- Types of events, with a space between two; `*` is every type. After `>` is the id of the last
    -- event before the type was added. Null: every type.
    types TEXT,
    -- Null: the events of every account, and those about the service.
    account_id INTEGER,
    note TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    -- The random name under which the key file beside the database has the secrets. The secrets
    -- themselves are in no table, so that no backup has them.
    secret_name TEXT NOT NULL,
    state TEXT NOT NULL,
    -- 'gone': answered 410. 'operator': paused. 'restored': see epoch.
    off_reason TEXT,
    off_at INTEGER,
    -- Counts the changes by operators. A delivery that began before such a change stores nothing.
    revision INTEGER NOT NULL,
    -- The epoch whose ids the cursor means. Another epoch than the present one: the database was
    -- restored since, and nothing is sent before an operator resumes the webhook.
    epoch TEXT NOT NULL,
    -- The id of the last event that was delivered, skipped or not selected; after a restore, of the
    -- last event before it.
    cursor INTEGER NOT NULL,
    -- The event that was refused, and when it is sent again. Null: the last attempt succeeded.
    failing_event_id INTEGER,
    attempts INTEGER NOT NULL,
    first_failed_at INTEGER,
    next_attempt_at INTEGER,
    last_attempt_at INTEGER,
    -- Null: there was no HTTP answer.
    last_status INTEGER,
    last_error TEXT,
    CONSTRAINT webhook_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT webhook_secret_once UNIQUE (secret_name),
    CONSTRAINT webhook_state_known CHECK (state IN ('on', 'off')),
    CONSTRAINT webhook_reason_when_off CHECK (
        (state = 'off') = (off_reason IS NOT NULL) AND (state = 'off') = (off_at IS NOT NULL)
    ),
    CONSTRAINT webhook_reason_known CHECK (off_reason IN ('gone', 'operator', 'restored')),
    CONSTRAINT webhook_failing_whole CHECK (
        (failing_event_id IS NULL) = (first_failed_at IS NULL)
        AND (failing_event_id IS NULL) = (next_attempt_at IS NULL)
        AND (failing_event_id IS NULL) = (attempts = 0)
    )
) STRICT;

-- Events that a webhook refused for so long that the next event was sent instead.
CREATE TABLE webhook_skipped (
    id INTEGER PRIMARY KEY,
    webhook_id INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- Of the last attempt, or how the event is damaged; then there was no attempt.
    status INTEGER,
    error TEXT,
    CONSTRAINT webhook_skipped_webhook_exists FOREIGN KEY (webhook_id) REFERENCES webhook (id)
) STRICT;

CREATE INDEX webhook_skipped_by_webhook ON webhook_skipped (webhook_id, id);
