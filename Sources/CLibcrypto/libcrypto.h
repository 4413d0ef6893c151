// The part of OpenSSL 3's libcrypto that loket uses: SHA-256, random bytes, base64 and the
// comparison in constant time. Found by the default include path; no pkg-config needed.
//
// A SHA-256 is computed in a state of the caller. OpenSSL 3 recommends its EVP functions instead,
// which allocate two objects for each hash and again for each copy of a state: a signed inquiry
// needs seven hashes. Both run the same code for the machine's processor.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
