// An inquiry's JSON, the bill of its code in SQLite, and the body of the answer.

#include "floor.h"
#include <sqlite3.h>

/// The merchant's BINs, as in loket's example settings; the longest first.
static const struct {
    Text digits;
    size_t least, most;
    bool indomaret;
} bins[] = {{{"889651", 6}, 7, 20, false}, {{"12345", 5}, 6, 25, true}};

// JSON --------------------------------------------------------------------------------------------

/// The fields of an inquiry, as the raw text between the quotes.
typedef struct {
    Text service, channel, code, date;
} Inquiry;

typedef struct {
    const char *at, *end;
} Reader;

static void skip_space(Reader *reader) {
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) && *reader->at) reader->at++;
}

static bool take(Reader *reader, char wanted) {
    skip_space(reader);
    if (reader->at >= reader->end || *reader->at != wanted) return false;
    reader->at++;
    return true;
}

static bool string(Reader *reader, Text *text) {
    if (!take(reader, '"')) return false;
    text->at = reader->at;
    while (reader->at < reader->end && *reader->at != '"') {
        if ((unsigned char)*reader->at < 0x20) return false;
        reader->at += *reader->at == '\\' ? 2 : 1;
    }
    if (reader->at >= reader->end) return false;
    text->count = (size_t)(reader->at++ - text->at);
    return true;
}

static Text *field(Inquiry *inquiry, Text object, Text name) {
    if (same(name, TEXT("id"))) {
        if (same(object, TEXT("service"))) return &inquiry->service;
        if (same(object, TEXT("channel"))) return &inquiry->channel;
    }
    if (same(object, TEXT("online_to_offline_info")) && same(name, TEXT("payment_code")))
        return &inquiry->code;
    if (same(object, TEXT("online_to_offline_inquiry")) && same(name, TEXT("date")))
        return &inquiry->date;
    return NULL;
}

/// Reads any value, and stores the strings of an inquiry that are two objects deep.
static bool value(Reader *reader, Inquiry *inquiry, Text outer, Text name, int depth) {
    Text text;
    skip_space(reader);
    if (reader->at >= reader->end || depth > 16) return false;
    char first = *reader->at;
    if (first == '"') {
        if (!string(reader, &text)) return false;
        Text *place = depth == 2 ? field(inquiry, outer, name) : NULL;
        if (place) *place = text;
        return true;
    }
    if (first == '{' || first == '[') {
        char last = first == '{' ? '}' : ']';
        reader->at++;
        if (take(reader, last)) return true;
        do {
            Text key = {NULL, 0};
            if (first == '{' && (!string(reader, &key) || !take(reader, ':'))) return false;
            if (!value(reader, inquiry, depth == 1 ? name : outer, key, depth + 1)) return false;
        } while (take(reader, ','));
        return take(reader, last);
    }
    const char *start = reader->at;
    while (reader->at < reader->end && strchr("+-.0123456789aeflnrstuE", *reader->at)) reader->at++;
    return reader->at > start;
}

static bool read_inquiry(Text body, Inquiry *inquiry) {
    Reader reader = {body.at, body.at + body.count};
    memset(inquiry, 0, sizeof *inquiry);
    if (!value(&reader, inquiry, (Text){0}, (Text){0}, 0)) return false;
    skip_space(&reader);
    return reader.at == reader.end && inquiry->service.at && inquiry->channel.at
        && inquiry->code.at;
}

/// Writes the text of a JSON string, cut to a number of characters.
static char *put_json(char *out, Text text, int most) {
    static const char hex[] = "0123456789abcdef";
    for (size_t place = 0; place < text.count; place++) {
        unsigned char byte = (unsigned char)text.at[place];
        if ((byte & 0xC0) != 0x80 && most-- == 0) break;
        if (byte < 0x20) {
            out = put(out, TEXT("\\u00"));
            *out++ = hex[byte >> 4];
            *out++ = hex[byte & 15];
            continue;
        }
        if (byte == '"' || byte == '\\') *out++ = '\\';
        *out++ = (char)byte;
    }
    return out;
}

// Bills ------------------------------------------------------------------------------------------

static sqlite3_stmt *lookup;

void open_database(void) {
    sqlite3 *database;
    sqlite3_stmt *account;
    if (sqlite3_open_v2(setting("DATABASE").at, &database,
            SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("cannot open DATABASE");
    const char *columns = "SELECT state, cancel_reason, amount, invoice_number, reusable, "
        "expires_at, valid_from, customer_name, info FROM bill WHERE ";
    char *sql = sqlite3_mprintf(
        "%s account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held') UNION ALL "
        "%s id = (SELECT max(id) FROM bill WHERE account_id = ?1 AND payment_code = ?2 "
        "AND state NOT IN ('open', 'held')) LIMIT 1", columns, columns);
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &lookup, NULL)
            != SQLITE_OK
        || sqlite3_prepare_v2(database, "SELECT id FROM account WHERE client_id = ?1", -1,
               &account, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(database));
    sqlite3_bind_text(account, 1, client_id.at, -1, SQLITE_STATIC);
    if (sqlite3_step(account) != SQLITE_ROW) die("the database has no account of CLIENT_ID");
    sqlite3_bind_int64(lookup, 1, sqlite3_column_int64(account, 0));
    sqlite3_finalize(account);
    sqlite3_free(sql);
}

static Text column(int place) {
    const char *text = (const char *)sqlite3_column_text(lookup, place);
    return (Text){text, (size_t)sqlite3_column_bytes(lookup, place)};
}

/// Writes the ten characters that make the invoice number of a reusable bill new.
static char *put_suffix(char *out, Text request_id, Text code, Text date) {
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char text[REQUEST_MAX];
    unsigned char digest[32];
    char *end = put(put(text, request_id), TEXT("\n"));
    end = put(put(put(end, code), TEXT("\n")), date);
    hash((Text){text, (size_t)(end - text)}, digest);
    unsigned long bits = 0;
    for (int byte = 0; byte < 8; byte++) bits = bits << 8 | digest[byte];
    *out++ = '-';
    for (int place = 0; place < 10; place++) *out++ = alphabet[bits >> (59 - 5 * place) & 31];
    return out;
}

/// Returns the word of a bill that cannot be paid now, else nothing.
static Text refusal(time_t now) {
    Text state = column(0);
    if (same(state, TEXT("paid"))
        || (same(state, TEXT("cancelled")) && same(column(1), TEXT("paid_elsewhere"))))
        return TEXT("billing_already_paid");
    bool is_past = sqlite3_column_type(lookup, 5) == SQLITE_INTEGER
        && sqlite3_column_int64(lookup, 5) <= now * 1000;
    if (same(state, TEXT("replaced")) || (same(state, TEXT("open")) && is_past))
        return TEXT("billing_was_expired");
    if (!same(state, TEXT("open")) || sqlite3_column_int64(lookup, 6) > now * 1000)
        return TEXT("decline");
    return (Text){NULL, 0};
}

// Answers ----------------------------------------------------------------------------------------

char *put_decline(char *out, Text word, Text code) {
    out = put(out, TEXT("{"));
    if (code.at) {
        out = put(put(out, TEXT("\"online_to_offline_info\":{\"payment_code\":\"")), code);
        out = put(out, TEXT("\"},"));
    }
    out = put(put(out, TEXT("\"online_to_offline_inquiry\":{\"status\":\"")), word);
    return put(out, TEXT("\"}}"));
}

static char *put_success(char *out, Text request_id, const Inquiry *inquiry) {
    out = put(out, TEXT("{\"order\":{\"invoice_number\":\""));
    out = put_json(out, column(3), 64);
    if (sqlite3_column_int(lookup, 4))
        out = put_suffix(out, request_id, inquiry->code, inquiry->date);
    out += sprintf(out, "\",\"amount\":%lld},", sqlite3_column_int64(lookup, 2));
    out = put(out, TEXT("\"online_to_offline_info\":{\"payment_code\":\""));
    out = put(out, inquiry->code);
    Text info = column(8);
    if (info.at && info.count) out = put_json(put(out, TEXT("\",\"info1\":\"")), info, 30);
    out = put(out, TEXT("\"},\"online_to_offline_inquiry\":{\"status\":\"success\"},"));
    out = put_json(put(out, TEXT("\"customer\":{\"name\":\"")), column(7), 64);
    return put(out, TEXT("\"}}"));
}

int answer(char **out, Text request_id, Text body, time_t now) {
    Inquiry inquiry;
    bool is_alfa, is_indomaret;
    size_t bin = 0, count = sizeof bins / sizeof *bins;
    Text word = TEXT("decline"), code = {NULL, 0};
    if (!read_inquiry(body, &inquiry) || !same(inquiry.service, TEXT("ONLINE_TO_OFFLINE")))
        goto decline;
    is_alfa = same(inquiry.channel, TEXT("ONLINE_TO_OFFLINE_ALFA"));
    is_indomaret = same(inquiry.channel, TEXT("ONLINE_TO_OFFLINE_INDOMARET"));
    if ((!is_alfa && !is_indomaret) || inquiry.code.count == 0 || inquiry.code.count > 25)
        goto decline;
    for (size_t place = 0; place < inquiry.code.count; place++)
        if (inquiry.code.at[place] < '0' || inquiry.code.at[place] > '9') goto decline;
    code = inquiry.code;
    while (bin < count && strncmp(code.at, bins[bin].digits.at, bins[bin].digits.count)) bin++;
    word = TEXT("billing_not_found");
    if (bin == count || code.count < bins[bin].least || code.count > bins[bin].most) goto decline;
    word = TEXT("decline");
    if (is_indomaret && !bins[bin].indomaret) goto decline;
    sqlite3_bind_text(lookup, 2, code.at, (int)code.count, SQLITE_STATIC);
    int found = sqlite3_step(lookup);
    if (found == SQLITE_ROW) {
        word = refusal(now);
        if (word.at == NULL) *out = put_success(*out, request_id, &inquiry);
    } else if (found == SQLITE_DONE) {
        word = TEXT("billing_not_found");
    }
    sqlite3_reset(lookup);
    if (word.at == NULL) return 200;
decline:
    *out = put_decline(*out, word, code);
    return same(word, TEXT("billing_not_found")) ? 404 : 400;
}
