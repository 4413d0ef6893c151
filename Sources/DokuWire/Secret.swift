// A secret key that DOKU and the merchant share. It can sign and nothing else: no way leads back
// to its text.

import LoketCrypto

package struct Secret: Sendable, CustomStringConvertible {
    private let key: HMACKey

    /// The key's text as UTF-8, exactly as DOKU's Back Office shows it.
    package init(utf8: [UInt8]) {
        key = HMACKey(utf8)
    }

    /// `HMACSHA256=` and the base64 of the HMAC over a component string.
    package func signature(over component: [UInt8]) -> [UInt8] {
        Signature.prefix + base64(key.authenticate(component))
    }

    package var description: String { "Secret(hidden)" }
}
