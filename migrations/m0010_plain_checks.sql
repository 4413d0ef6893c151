-- The lists of words in the constraints of a payment's rows, made cheap to check.

-- For `x IN ('a', 'b', 'c')` with three words or more, SQLite builds a table of the words for every
-- row that it checks. The four lists below cost a third of what SQLite does for a payment, and a part
-- of every bill that is made. Written with OR, they are compared one after the other. A constraint
-- keeps its name and refuses the same values, and no row changes: so no table is copied, and the text
-- of the schema is replaced as https://www.sqlite.org/lang_altertable.html#otheralter describes.

PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(
    sql,
    'state IN (''open'', ''held'', ''paid'', ''cancelled'', ''replaced'')',
    'state = ''open'' OR state = ''paid'' OR state = ''held'' OR state = ''cancelled''
        OR state = ''replaced'''
) WHERE type = 'table' AND name = 'bill';

UPDATE sqlite_schema SET sql = replace(
    replace(
        sql,
        'standing IN (
            ''settled'', ''duplicate'', ''amount_mismatch'', ''after_cancel'', ''unmatched'', ''foreign'',
            ''unreadable''
        )',
        'standing = ''settled'' OR standing = ''duplicate'' OR standing = ''amount_mismatch''
        OR standing = ''after_cancel'' OR standing = ''unmatched'' OR standing = ''foreign''
        OR standing = ''unreadable'''
    ),
    'resolution IN (''accept'', ''refunded'', ''dismiss'')',
    'resolution = ''accept'' OR resolution = ''refunded'' OR resolution = ''dismiss'''
) WHERE type = 'table' AND name = 'payment';

UPDATE sqlite_schema SET sql = replace(
    sql,
    'kind IN (''asked'', ''refused'', ''paid'')',
    'kind = ''asked'' OR kind = ''paid'' OR kind = ''refused'''
) WHERE type = 'table' AND name = 'hour_sum';

PRAGMA writable_schema = RESET;

-- Connections read the schema again after a change that SQLite counts.
CREATE INDEX schema_was_replaced ON epoch (began_at);
DROP INDEX schema_was_replaced;
