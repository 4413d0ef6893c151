// The part of OpenSSL 3's libcrypto that loket uses: digests, random bytes, base64 and the
// comparison in constant time. Found by the default include path; no pkg-config needed.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
