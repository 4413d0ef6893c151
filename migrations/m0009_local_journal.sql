-- The journal's indexes by Request-Id and by code, made cheap to write.

-- Request-Ids and codes come in no order. In an index of the whole journal each row changes a page
-- anywhere in it, which costs more than the rest of the row. These two begin with the block of the
-- row, 16,384 rows in the order in which they were written: a commit changes the pages of the newest
-- block only, and a search looks into each block in turn. LoketStore knows the size of a block.

DROP INDEX inquiry_by_request;
DROP INDEX inquiry_by_code;

CREATE INDEX inquiry_by_request ON inquiry (id >> 14, request_id);
CREATE INDEX inquiry_by_code ON inquiry (id >> 14, payment_code) WHERE payment_code IS NOT NULL;
