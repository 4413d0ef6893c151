-- Bills whose amount depends on the date, the time from which a bill can be paid, and the due date
-- that is printed for the customer.

-- Null: the bill has one amount, in `amount`. Otherwise every amount in the order of time, as
-- `milliseconds=rupiah;…;rupiah`: an amount is valid until its time, and the last, which is also in
-- `amount`, has no end. It is one column because an inquiry reads one row.
ALTER TABLE bill ADD COLUMN amounts TEXT;
ALTER TABLE bill ADD COLUMN valid_from INTEGER;
ALTER TABLE bill ADD COLUMN due_at INTEGER;

-- Former terms of a bill. The checksum includes these columns unless both are null.
ALTER TABLE bill_terms ADD COLUMN amounts TEXT;
ALTER TABLE bill_terms ADD COLUMN valid_from INTEGER;

-- A bill's content before an import changed it.
ALTER TABLE import_change ADD COLUMN amounts TEXT;
ALTER TABLE import_change ADD COLUMN valid_from INTEGER;
ALTER TABLE import_change ADD COLUMN due_at INTEGER;

-- The bill's amounts at the time of the event; `bill_amount` is the amount at that moment.
ALTER TABLE event ADD COLUMN bill_amounts TEXT;
