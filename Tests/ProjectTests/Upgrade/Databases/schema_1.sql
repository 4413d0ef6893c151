PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('m0001_bills');
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    CONSTRAINT account_client_id_unique UNIQUE (client_id),
    CONSTRAINT account_client_id_length CHECK (length(client_id) BETWEEN 1 AND 128)
) STRICT;
INSERT INTO account VALUES(1,'MCH-0001-10791114622547');
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
INSERT INTO bill VALUES(1,1,'88965100000001','INV-1',150001,0,NULL,'open',NULL,'Pelanggan 1',NULL,NULL,NULL,1795599516846,1795599516846,1783127293085329051);
INSERT INTO bill VALUES(2,1,'88965100000002','INV-2',150002,0,NULL,'open',NULL,'Pelanggan 2',NULL,NULL,NULL,1795599516852,1795599516852,6657907418472940501);
INSERT INTO bill VALUES(3,1,'88965100000003','INV-3',150003,0,NULL,'cancelled',NULL,'Pelanggan 3',NULL,NULL,NULL,1795599516856,1795599516898,8189080447522118339);
INSERT INTO bill VALUES(4,1,'88965100000004','INV-4',150004,0,NULL,'cancelled','paid_elsewhere','Pelanggan 4',NULL,NULL,NULL,1795599516860,1795599516902,1360027519189888759);
INSERT INTO bill VALUES(5,1,'88965100000005','INV-5',150005,0,NULL,'open',NULL,'Pelanggan 5',NULL,NULL,NULL,1795599516864,1795599516864,4401435298052275797);
INSERT INTO bill VALUES(6,1,'88965100000006','INV-6',150006,0,NULL,'open',NULL,'Pelanggan 6',NULL,NULL,NULL,1795599516868,1795599516868,-302819304740537694);
INSERT INTO bill VALUES(7,1,'88965100000007','INV-7',150007,0,NULL,'open',NULL,'Pelanggan 7',NULL,NULL,NULL,1795599516872,1795599516872,-6377226690079196784);
INSERT INTO bill VALUES(8,1,'88965100000008','INV-8',150008,0,NULL,'open',NULL,'Pelanggan 8',NULL,NULL,NULL,1795599516875,1795599516875,4897089056973887073);
INSERT INTO bill VALUES(9,1,'88965100000009','INV-9',50000,1,NULL,'open',NULL,'Pelanggan 9',NULL,NULL,NULL,1795599516880,1795599516880,3846324162814856164);
INSERT INTO bill VALUES(10,1,'88965100000010','INV-10',150010,0,NULL,'open',NULL,'Siti Rahayu','siti@example.com','Terima kasih','{"kelas":"7A"}',1795599516884,1795599516884,-4792956102196641000);
INSERT INTO bill VALUES(11,1,'88965100000011','INV-11',150011,0,1795599517000,'replaced',NULL,'Pelanggan 11',NULL,NULL,NULL,1795599516915,1795599518424,4528729379367143827);
INSERT INTO bill VALUES(12,1,'88965100000011','INV-11B',5000,0,NULL,'open',NULL,'Budi',NULL,NULL,NULL,1795599518424,1795599518424,-5900497453747012812);
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
INSERT INTO bill_change VALUES(1,3,1795599516898,'cancelled','first',NULL);
INSERT INTO bill_change VALUES(2,4,1795599516902,'cancelled','first','paid_elsewhere');
INSERT INTO bill_change VALUES(3,11,1795599518424,'replaced',NULL,NULL);
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
INSERT INTO inquiry VALUES(1,1795599516888,'o2o',1,'fixture-1','88965100000001','alfa','ALFA','payable',1,150001,'INV-1',344,888);
INSERT INTO inquiry VALUES(2,1795599516891,'o2o',1,'fixture-2','88965100000002','alfa','ALFA','payable',2,150002,'INV-2',259,891);
INSERT INTO inquiry VALUES(3,1795599516893,'o2o',1,'fixture-3','88965100000009','alfa','ALFA','payable',9,50000,'INV-9-C4KY5YKP29',221,893);
INSERT INTO inquiry VALUES(4,1795599516895,'o2o',1,'fixture-4','88965100000099','alfa','ALFA','bill_unknown',NULL,NULL,NULL,167,895);
INSERT INTO inquiry VALUES(5,1795599516909,'o2o',1,'fixture-5','88965100000001','alfa','ALFA','paused',NULL,NULL,NULL,152,909);
INSERT INTO inquiry VALUES(6,1795599518419,'o2o',1,'fixture-6','88965100000011','alfa','ALFA','bill_expired',11,NULL,NULL,586,419);
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
INSERT INTO admin_key VALUES(1,'first',X'cdd0e7ea88b414a1ac112006682ba5fd735ae5723a28e88d2017f6f5b3cc828a','read write keys backup',1795599516788,NULL);
CREATE TABLE pause (
    id INTEGER PRIMARY KEY,
    account_id INTEGER,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    paused_at INTEGER NOT NULL,
    CONSTRAINT pause_account_exists FOREIGN KEY (account_id) REFERENCES account (id)
) STRICT;
CREATE UNIQUE INDEX bill_invoice_number_unique ON bill (account_id, invoice_number);
CREATE UNIQUE INDEX bill_code_held_once ON bill (account_id, payment_code)
WHERE state IN ('open', 'held');
CREATE INDEX bill_code_history ON bill (account_id, payment_code, id)
WHERE state NOT IN ('open', 'held');
CREATE INDEX bill_change_by_bill ON bill_change (bill_id, id);
CREATE INDEX inquiry_by_time ON inquiry (received_at);
CREATE UNIQUE INDEX pause_once ON pause (ifnull(account_id, 0));
COMMIT;
