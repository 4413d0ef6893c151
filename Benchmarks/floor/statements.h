// The statements of a payment, prepared once, and the state that they go on from.

#include "rows.h"

static sqlite3 *database;
static sqlite3_stmt *find, *add_delivery, *add_payment, *add_notification, *pay, *add_change,
    *add_sum, *add_event;
static int64_t account, bills, changes, terms, payments, deliveries;
static char client_id[129];
static unsigned char head[32];

static void run(const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL)) die(sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL))
        die(sqlite3_errmsg(database));
    return statement;
}

static int64_t number(const char *sql) {
    sqlite3_stmt *statement = prepare(sql);
    int64_t found = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return found;
}

/// Binds the values by their letters (`i` an int64_t, `t` a text, `b` bytes of a text, `h` a hash)
/// and runs the statement.
static void write_row(sqlite3_stmt *statement, const char *letters, ...) {
    va_list values;
    va_start(values, letters);
    for (int place = 1; letters[place - 1]; place++) {
        const char *bytes;
        switch (letters[place - 1]) {
        case 'i': sqlite3_bind_int64(statement, place, va_arg(values, int64_t)); break;
        case 't': sqlite3_bind_text(statement, place, va_arg(values, char *), -1, NULL); break;
        case 'h': sqlite3_bind_blob(statement, place, va_arg(values, void *), 32, NULL); break;
        case 'b':
            bytes = va_arg(values, char *);
            sqlite3_bind_blob(statement, place, bytes, (int)strlen(bytes), NULL);
        }
    }
    va_end(values);
    if (sqlite3_step(statement) != SQLITE_DONE) die(sqlite3_errmsg(database));
    if (sqlite3_changes(database) != 1) die("a bill is no longer open");
    sqlite3_reset(statement);
}

static void begin(const char *path) {
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        die("cannot open the database");
    // As loket's writer.
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16000; PRAGMA secure_delete = ON");
    account = number("SELECT min(id) FROM account");
    bills = number("SELECT max(id) FROM bill");
    changes = number("SELECT max(id) FROM bill_change");
    terms = number("SELECT max(id) FROM bill_terms");
    payments = number("SELECT max(id) FROM payment");
    deliveries = number("SELECT max(id) FROM delivery");
    sqlite3_stmt *row = prepare("SELECT client_id FROM account ORDER BY id LIMIT 1");
    if (sqlite3_step(row) == SQLITE_ROW) snprintf(client_id, sizeof client_id, "%s", text(row, 0));
    sqlite3_finalize(row);
    row = prepare("SELECT hash FROM delivery ORDER BY id DESC LIMIT 1");
    if (sqlite3_step(row) == SQLITE_ROW) memcpy(head, sqlite3_column_blob(row, 0), sizeof head);
    sqlite3_finalize(row);
}

static void prepare_statements(void) {
    find = prepare(
        "SELECT id, payment_code, invoice_number, amount, expires_at, customer_name, "
        "customer_email, info, metadata, created_at, created_by, import_id FROM bill "
        "WHERE account_id = ?1 AND invoice_number = ?2 AND state = 'open' AND amounts IS NULL "
        "AND valid_from IS NULL AND due_at IS NULL");
    add_delivery = prepare(
        "INSERT INTO delivery (id, account_id, dialect, received_at, source, target, request_id, "
        "sent_timestamp, body, body_hash, hash, signed) "
        "VALUES (?1, ?2, 'o2o', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)");
    add_payment = prepare(
        "INSERT INTO payment (id, account_id, delivery_id, bill_id, invoice_number, payment_code, "
        "amount, paid_at, identifiers, source, received_at, classified_as, standing, flags, "
        "paid_bill_id, bill_horizon, change_horizon, terms_horizon, code_is_ours, needs_attention, "
        "checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'settled', 'settled', '', "
        "?4, ?12, ?13, ?14, 1, 0, ?15)");
    add_notification = prepare(
        "INSERT INTO notification (delivery_id, payment_id, status, invoice_number, payment_code, "
        "amount, date_text, channel, identifiers, is_our_service, was_pending, reader) "
        "VALUES (?1, ?2, 'SUCCESS', ?3, ?4, ?5, ?6, ?7, ?8, 1, 0, 2)");
    pay = prepare(
        "UPDATE bill SET state = 'paid', cancel_reason = NULL, changed_at = ?2, checksum = ?3, "
        "record_checksum = ?4 WHERE id = ?1 AND state = 'open'");
    add_change = prepare(
        "INSERT INTO bill_change (bill_id, at, change, payment_id, checksum) "
        "VALUES (?1, ?2, 'paid', ?3, ?4)");
    add_sum = prepare(
        "INSERT INTO hour_sum (hour, account_id, kind, cause, channel, count, amount) "
        "VALUES (?1, ?2, 'paid', 'settled', NULL, 1, ?3) "
        "ON CONFLICT (hour, ifnull(account_id, 0), kind, cause, ifnull(channel, '')) "
        "DO UPDATE SET count = hour_sum.count + 1, amount = hour_sum.amount + excluded.amount");
    add_event = prepare(
        "INSERT INTO event (at, type, account_id, bill_id, bill_invoice_number, "
        "bill_payment_code, bill_amount, bill_state, payment_id, delivery_id, "
        "paid_invoice_number, paid_code, paid_amount, standing, flags) "
        "VALUES (?1, 'payment.settled', ?2, ?3, ?4, ?5, ?6, 'paid', ?7, ?8, ?4, ?5, ?6, "
        "'settled', '')");
}
