// The floor of payments: writes the rows that loket writes for a payment that settles a bill, with
// the same hashes and checksums, in groups of a given size. There is no network and no signature.
// It pays the single-use bills of the database, so give it a copy.
//
//     cc -O2 payments.c -lcrypto -lsqlite3 -o payments
//     ./payments DATABASE GROUP SECONDS    # payments in a commit, seconds to write for

#define _GNU_SOURCE
#include "statements.h"
#include <time.h>

/// More than can be paid.
enum { MOST_PER_SECOND = 100000 };

/// The columns of `find`.
enum { ID, CODE, INVOICE, AMOUNT, EXPIRES, NAME, EMAIL, INFO, METADATA, CREATED, CREATOR, IMPORT };

typedef struct {
    int64_t id, amount;
    const char *invoice, *code, *date, *identifiers;
    int64_t received_at, paid_at;
} Payment;

static const char *target = "/doku/notification", *source = "notification";
static const char *channel = "ONLINE_TO_OFFLINE_ALFA";
/// Appends to the ledger, whose hash of a row covers the hash of the row before.
static void deliver(const Payment *payment, const char *body) {
    char request_id[40];
    unsigned char body_hash[32];
    Fields link = {.count = 0};
    snprintf(request_id, sizeof request_id, "%08lx-%04lx-%04lx-%04lx-%06lx%06lx", random(),
        random() & 0xFFFF, random() & 0xFFFF, random() & 0xFFFF, random() & 0xFFFFFF,
        random() & 0xFFFFFF);
    hash(body, strlen(body), body_hash);
    deliveries++;
    add(&link, BARE, head, sizeof head);
    add_number(&link, BARE, deliveries);
    add_text(&link, BARE, client_id);
    add_number(&link, BARE, payment->received_at);
    add_text(&link, BARE, source);
    add_text(&link, BARE, target);
    add_text(&link, BARE, request_id);
    add_text(&link, BARE, payment->date);
    add(&link, BARE, body_hash, sizeof body_hash);
    hash(link.bytes, link.count, head);
    write_row(add_delivery, "iiittttbhh", deliveries, account, payment->received_at, source,
        target, request_id, payment->date, body, body_hash, head);
}

static int64_t payment_checksum(const Payment *payment, int64_t bill) {
    Fields all = {.count = 0};
    add_named(&all, "id", payment->id);
    add_named(&all, "account_id", account);
    add_named(&all, "delivery_id", deliveries);
    add_named(&all, "bill_id", bill);
    add_named_text(&all, "invoice_number", payment->invoice);
    add_named_text(&all, "payment_code", payment->code);
    add_named(&all, "amount", payment->amount);
    add_named(&all, "paid_at", payment->paid_at);
    add_named_text(&all, "identifiers", payment->identifiers);
    add_named_text(&all, "source", source);
    add_named(&all, "received_at", payment->received_at);
    add_named_text(&all, "classified_as", "settled");
    add_named_text(&all, "standing", "settled");
    add_named_text(&all, "flags", "");
    add_named_text(&all, "held_bill_id", NULL);
    add_named(&all, "paid_bill_id", bill);
    add_named_text(&all, "resolution", NULL);
    add_named_text(&all, "resolution_bill_id", NULL);
    add_named_text(&all, "resolution_note", NULL);
    add_named_text(&all, "resolved_by", NULL);
    add_named_text(&all, "resolved_at", NULL);
    add_named(&all, "bill_horizon", bills);
    add_named(&all, "change_horizon", changes);
    add_named(&all, "terms_horizon", terms);
    add_named(&all, "code_is_ours", 1);
    add_named(&all, "needs_attention", 0);
    return checksum(&all);
}

/// Marks the bill that `find` is at as paid, and adds the change to its history.
static void pay_bill(const Payment *payment, int64_t bill) {
    Fields content = {.count = 0}, record = {.count = 0}, change = {.count = 0};
    put_number(&content, account);
    put_text(&content, payment->code);
    put_text(&content, payment->invoice);
    put_number(&content, payment->amount);
    put_number(&content, 0);
    put_number(&content, sqlite3_column_type(find, EXPIRES) != SQLITE_NULL);
    put_number(&content, sqlite3_column_int64(find, EXPIRES));
    put_text(&content, "paid");
    put_text(&content, NULL);
    for (int place = NAME; place <= INFO; place++) put_text(&content, text(find, place));
    add_column(&record, find, METADATA);
    add_column(&record, find, CREATED);
    add_number(&record, INTEGER, payment->received_at);
    add_column(&record, find, CREATOR);
    add_column(&record, find, IMPORT);
    write_row(pay, "iiii", bill, payment->received_at, checksum(&content), checksum(&record));
    add_number(&change, INTEGER, bill);
    add_number(&change, INTEGER, payment->received_at);
    add_text(&change, TEXT, "paid");
    add(&change, NOTHING, "", 0);
    add(&change, NOTHING, "", 0);
    add_number(&change, INTEGER, payment->id);
    write_row(add_change, "iiii", bill, payment->received_at, payment->id, checksum(&change));
    changes++;
}

/// Pays the bill of an invoice number for its amount.
static void settle(const char *invoice, const struct timespec *now) {
    char body[1024], identifiers[128], date[24];
    struct tm parts;
    sqlite3_bind_int64(find, 1, account);
    sqlite3_bind_text(find, 2, invoice, -1, NULL);
    if (sqlite3_step(find) != SQLITE_ROW) die("there is no open bill of an invoice number");
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now->tv_sec, &parts));
    int64_t bill = sqlite3_column_int64(find, ID);
    Payment payment = {
        .id = ++payments, .amount = sqlite3_column_int64(find, AMOUNT), .invoice = invoice,
        .code = text(find, CODE), .date = date, .identifiers = identifiers,
        .received_at = now->tv_sec * 1000 + now->tv_nsec / 1000000, .paid_at = now->tv_sec * 1000};
    snprintf(body, sizeof body,
        "{\"service\":{\"id\":\"ONLINE_TO_OFFLINE\"},\"acquirer\":{\"id\":\"ALFA\"},"
        "\"channel\":{\"id\":\"%s\"},\"transaction\":{\"status\":\"SUCCESS\",\"date\":\"%s\"},"
        "\"order\":{\"invoice_number\":\"%s\",\"amount\":%lld},"
        "\"online_to_offline_info\":{\"payment_code\":\"%s\"},\"online_to_offline_payment\":"
        "{\"identifier\":[{\"name\":\"AGENT_ID\",\"value\":\"ALFAMART\"},"
        "{\"name\":\"AGENT_STORE_ID\",\"value\":\"B071\"},"
        "{\"name\":\"AGENT_TRX_ID\",\"value\":\"T%lld\"}]}}",
        channel, date, invoice, (long long)payment.amount, payment.code, (long long)payment.id);
    snprintf(identifiers, sizeof identifiers,
        "[[\"AGENT_ID\",\"ALFAMART\"],[\"AGENT_STORE_ID\",\"B071\"],[\"AGENT_TRX_ID\",\"T%lld\"]]",
        (long long)payment.id);
    deliver(&payment, body);
    write_row(add_payment, "iiiittiittiiiii", payment.id, account, deliveries, bill, invoice,
        payment.code, payment.amount, payment.paid_at, identifiers, source, payment.received_at,
        bills, changes, terms, payment_checksum(&payment, bill));
    write_row(add_notification, "iittittt", deliveries, payment.id, invoice, payment.code,
        payment.amount, date, channel, identifiers);
    pay_bill(&payment, bill);
    write_row(add_sum, "iii", payment.received_at - payment.received_at % 3600000, account,
        payment.amount);
    write_row(add_event, "iiittiii", payment.received_at, account, bill, invoice, payment.code,
        payment.amount, payment.id, deliveries);
    sqlite3_reset(find);
}

/// Reads the invoice numbers of open single-use bills, in the order in which they were made.
static char **read_invoices(size_t most, size_t *count) {
    char **invoices = calloc(most, sizeof *invoices);
    sqlite3_stmt *open = prepare(
        "SELECT invoice_number FROM bill WHERE state = 'open' AND reusable = 0 "
        "AND account_id = ?1 ORDER BY id LIMIT ?2");
    sqlite3_bind_int64(open, 1, account);
    sqlite3_bind_int64(open, 2, (int64_t)most);
    for (*count = 0; sqlite3_step(open) == SQLITE_ROW; ++*count)
        invoices[*count] = strdup(text(open, 0));
    sqlite3_finalize(open);
    return invoices;
}

static double clock_seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int count, char **words) {
    if (count != 4) die("use: payments DATABASE GROUP SECONDS");
    size_t group = strtoul(words[2], NULL, 10), paid = 0, bills_count;
    double length = atof(words[3]);
    prepare_hashes();
    begin(words[1]);
    prepare_statements();
    char **invoices = read_invoices((size_t)(length * MOST_PER_SECOND), &bills_count);
    double began = clock_seconds(CLOCK_MONOTONIC), took = 0;
    double cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    while (took < length && paid + group <= bills_count) {
        run("BEGIN IMMEDIATE");
        for (size_t place = 0; place < group; place++) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            settle(invoices[paid++], &now);
        }
        run("COMMIT");
        took = clock_seconds(CLOCK_MONOTONIC) - began;
    }
    if (took < length) die("there are too few open bills");
    cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("%zu payments, %.1f per second, %.1f CPU microseconds each\n", paid,
        (double)paid / took, cpu * 1e6 / (double)paid);
    return 0;
}
