// What the parts of the floor share: texts as a place and a length, signatures and answers.

#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REQUEST_MAX = 16384, ANSWER_MAX = 2048 };

typedef struct {
    const char *at;
    size_t count;
} Text;

#define TEXT(literal) ((Text){literal, sizeof(literal) - 1})

static inline bool same(Text one, Text other) {
    return one.count == other.count && memcmp(one.at, other.at, one.count) == 0;
}

static inline char *put(char *out, Text text) { return mempcpy(out, text.at, text.count); }

// floor.c: the settings, which come from the environment.

extern Text client_id, path;
Text setting(const char *name);
_Noreturn void die(const char *why);

// signature.c

enum { SIGNATURE = 55 };
void prepare_signatures(void);
void hash(Text bytes, unsigned char out[32]);
/// Writes `HMACSHA256=`, 44 characters of Base64 and a NUL.
///
/// `time_name` is `\nRequest-Timestamp:` or `\nResponse-Timestamp:`.
void sign(char *out, Text time_name, Text request_id, Text time_text, Text body);
/// Reads exactly `2026-01-31T23:59:59Z`.
bool read_time(Text text, time_t *time);
/// Returns the second as text, made once in each second.
Text time_text(time_t now);

// inquiry.c

void open_database(void);
/// Writes the body of the answer to a verified inquiry, and returns its HTTP status.
int answer(char **out, Text request_id, Text body, time_t now);
char *put_decline(char *out, Text word, Text code);
