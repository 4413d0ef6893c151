// A secret key shared by DOKU and the merchant. It can only sign: its text cannot be
// retrieved.

import LoketSystem

package struct Secret: Sendable, CustomStringConvertible {
    private let keys: Keys

    /// The keys, as one reference: a secret is copied with every request that it verifies.
    private final class Keys: Sendable {
        let right: HMACKey
        let slips: [(slip: SecretSlip, key: HMACKey)]

        init(_ utf8: [UInt8]) {
            right = HMACKey(utf8)
            slips = SecretSlip.allCases.map { ($0, HMACKey($0.made(of: utf8))) }
        }
    }

    /// Creates a secret from the key's text in UTF-8, exactly as DOKU's Back Office shows it.
    package init(utf8: [UInt8]) {
        keys = Keys(utf8)
    }

    /// Returns `HMACSHA256=` and the Base64 of the HMAC over a component string.
    package func signature(over component: [UInt8]) -> String {
        base64Text(keys.right.authenticate(component), after: Signature.prefix)
    }

    /// Returns whether both secrets produce the same signatures.
    package func isSame(as other: Secret) -> Bool {
        signature(over: []) == other.signature(over: [])
    }

    /// The key, for the diagnosis of a signature that did not verify.
    var key: HMACKey { keys.right }

    /// The keys that result from common errors in copying the text. Computed when the secret is
    /// created, because its text is not stored.
    var slips: [(slip: SecretSlip, key: HMACKey)] { keys.slips }

    package var description: String { "Secret(hidden)" }
}

/// A common error in copying a secret's text.
enum SecretSlip: CaseIterable, Sendable {
    case newline, carriageReturn, spaceBehind, spaceBefore, quoted

    fileprivate func made(of text: [UInt8]) -> [UInt8] {
        switch self {
        case .newline: text + [0x0A]
        case .carriageReturn: text + [0x0D, 0x0A]
        case .spaceBehind: text + [0x20]
        case .spaceBefore: [0x20] + text
        case .quoted: [0x22] + text + [0x22]
        }
    }
}
