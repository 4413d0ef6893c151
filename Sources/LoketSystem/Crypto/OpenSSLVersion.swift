// Which OpenSSL this process runs on.

import CLibcrypto

package let opensslVersion = String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
