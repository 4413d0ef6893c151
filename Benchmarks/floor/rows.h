// The hashes and checksums of loket's rows, as Sources/LoketStore computes them.

#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The kinds of a field in a row's checksum; `BARE` has a length and no kind.
enum { BARE = -1, NAME_OF_COLUMN, NOTHING, INTEGER, REAL, TEXT };

typedef struct {
    unsigned char bytes[4096];
    size_t count;
} Fields;

_Noreturn static void die(const char *why) {
    fprintf(stderr, "payments: %s\n", why);
    exit(1);
}

static EVP_MD_CTX *context;
static EVP_MD *sha256;

static void prepare_hashes(void) {
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    context = EVP_MD_CTX_new();
}

static void hash(const void *bytes, size_t count, unsigned char out[32]) {
    EVP_DigestInit_ex2(context, sha256, NULL);
    EVP_DigestUpdate(context, bytes, count);
    EVP_DigestFinal_ex(context, out, NULL);
}

/// Returns the first 64 bits of the SHA-256.
static int64_t checksum(const Fields *all) {
    unsigned char digest[32];
    uint64_t bits;
    hash(all->bytes, all->count, digest);
    memcpy(&bits, digest, sizeof bits);
    return (int64_t)__builtin_bswap64(bits);
}

static void append(Fields *all, const void *bytes, size_t count) {
    if (all->count + count > sizeof all->bytes) die("a row is too long");
    memcpy(all->bytes + all->count, bytes, count);
    all->count += count;
}

/// Appends a field: its kind, its length as a big-endian 32-bit number, its bytes.
static void add(Fields *all, int kind, const void *bytes, size_t count) {
    uint32_t length = __builtin_bswap32((uint32_t)count);
    unsigned char letter = (unsigned char)kind;
    if (kind != BARE) append(all, &letter, 1);
    append(all, &length, sizeof length);
    append(all, bytes, count);
}

static void add_text(Fields *all, int kind, const char *text) {
    add(all, kind, text, strlen(text));
}

static void add_number(Fields *all, int kind, int64_t value) {
    char text[24];
    add(all, kind, text, (size_t)sprintf(text, "%lld", (long long)value));
}

static const char *text(sqlite3_stmt *row, int place) {
    return (const char *)sqlite3_column_text(row, place);
}

static void add_column(Fields *all, sqlite3_stmt *row, int place) {
    switch (sqlite3_column_type(row, place)) {
    case SQLITE_INTEGER: add_number(all, INTEGER, sqlite3_column_int64(row, place)); break;
    case SQLITE_TEXT: add_text(all, TEXT, text(row, place)); break;
    default: add(all, NOTHING, "", 0);
    }
}

/// Appends a column of `payment`: its name and its value.
static void add_named(Fields *all, const char *name, int64_t value) {
    add_text(all, NAME_OF_COLUMN, name);
    add_number(all, INTEGER, value);
}

static void add_named_text(Fields *all, const char *name, const char *value) {
    add_text(all, NAME_OF_COLUMN, name);
    if (value) add_text(all, TEXT, value); else add(all, NOTHING, "", 0);
}

// A bill's content has another form: numbers of eight bytes, and texts after such a number.

static void put_number(Fields *all, int64_t value) { append(all, &value, sizeof value); }

static void put_text(Fields *all, const char *text) {
    put_number(all, text ? (int64_t)strlen(text) : -1);
    if (text) append(all, text, strlen(text));
}
