-- The indexes by payment code, made cheap to change. A payment changed a page anywhere in three of
-- them, which was nearly half of all pages that it wrote.

-- One index for the bills that hold their code and those that held it. The holder has 0 in place of
-- its id, so at most one bill holds a code. A bill that is paid moves within its code, on the same
-- page.
DROP INDEX bill_code_held_once;
DROP INDEX bill_code_history;
CREATE UNIQUE INDEX bill_by_code ON bill (
    account_id, payment_code, CASE WHEN state IN ('open', 'held') THEN 0 ELSE id END
);

-- The index begins with the payment's block, 1,024 payments in the order in which they were
-- recorded: a new payment changes the pages of the newest block only, and a search looks into each
-- block in turn. LoketStore knows the size of a block.
DROP INDEX payment_by_code;
CREATE INDEX payment_by_code ON payment (id >> 10, payment_code) WHERE payment_code IS NOT NULL;
-- Payments that a new bill may be held for, by its code: few rows, however many there are.
CREATE INDEX payment_unmatched_code ON payment (account_id, payment_code)
WHERE classified_as = 'unmatched' AND resolution IS NULL;
