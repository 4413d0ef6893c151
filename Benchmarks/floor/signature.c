// DOKU's signature with libcrypto, whose contexts are made once, and the times of its headers.

#include "floor.h"
#include <openssl/core_names.h>
#include <openssl/evp.h>

static EVP_MD_CTX *hash_context;
static EVP_MD *sha256;
static EVP_MAC_CTX *mac;

void prepare_signatures(void) {
    static char secret[256];
    FILE *file = fopen(setting("SECRET_FILE").at, "r");
    if (file == NULL) die("cannot read SECRET_FILE");
    size_t count = fread(secret, 1, sizeof secret, file);
    fclose(file);
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hash_context = EVP_MD_CTX_new();
    mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    OSSL_PARAM digest[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0), OSSL_PARAM_END};
    if (!EVP_MAC_init(mac, (unsigned char *)secret, count, digest)) die("no HMAC");
}

void hash(Text bytes, unsigned char out[32]) {
    EVP_DigestInit_ex2(hash_context, sha256, NULL);
    EVP_DigestUpdate(hash_context, bytes.at, bytes.count);
    EVP_DigestFinal_ex(hash_context, out, NULL);
}

void sign(char *out, Text time_name, Text request_id, Text time_text, Text body) {
    char component[1024];
    unsigned char digest[32];
    char *end = put(component, TEXT("Client-Id:"));
    end = put(end, client_id);
    end = put(put(end, TEXT("\nRequest-Id:")), request_id);
    end = put(put(put(end, time_name), time_text), TEXT("\nRequest-Target:"));
    end = put(put(end, path), TEXT("\nDigest:"));
    hash(body, digest);
    end += EVP_EncodeBlock((unsigned char *)end, digest, sizeof digest);
    EVP_MAC_init(mac, NULL, 0, NULL);
    EVP_MAC_update(mac, (unsigned char *)component, (size_t)(end - component));
    EVP_MAC_final(mac, digest, NULL, sizeof digest);
    out = put(out, TEXT("HMACSHA256="));
    EVP_EncodeBlock((unsigned char *)out, digest, sizeof digest);
}

static bool digits(const char *at, int count, int *number) {
    *number = 0;
    for (int place = 0; place < count; place++) {
        if (at[place] < '0' || at[place] > '9') return false;
        *number = *number * 10 + at[place] - '0';
    }
    return true;
}

bool read_time(Text text, time_t *time) {
    struct tm parts = {0};
    const char *at = text.at;
    if (text.count != 20 || at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':'
        || at[16] != ':' || at[19] != 'Z')
        return false;
    if (!digits(at, 4, &parts.tm_year) || !digits(at + 5, 2, &parts.tm_mon)
        || !digits(at + 8, 2, &parts.tm_mday) || !digits(at + 11, 2, &parts.tm_hour)
        || !digits(at + 14, 2, &parts.tm_min) || !digits(at + 17, 2, &parts.tm_sec))
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    *time = timegm(&parts);
    return true;
}

Text time_text(time_t now) {
    static char text[24];
    static time_t made;
    if (now != made) {
        struct tm parts;
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
        made = now;
    }
    return (Text){text, 20};
}
