// A secret key that DOKU and the merchant share. It can sign and nothing else: no way leads back
// to its text.

import LoketSystem

package struct Secret: Sendable, CustomStringConvertible {
    private let keys: Keys

    /// Behind one reference: a secret is copied with every request that it verifies.
    private final class Keys: Sendable {
        let right: HMACKey
        let slips: [(slip: SecretSlip, key: HMACKey)]

        init(_ utf8: [UInt8]) {
            right = HMACKey(utf8)
            slips = SecretSlip.allCases.map { ($0, HMACKey($0.made(of: utf8))) }
        }
    }

    /// The key's text as UTF-8, exactly as DOKU's Back Office shows it.
    package init(utf8: [UInt8]) {
        keys = Keys(utf8)
    }

    /// `HMACSHA256=` and the base64 of the HMAC over a component string.
    package func signature(over component: [UInt8]) -> [UInt8] {
        Signature.prefix + base64(keys.right.authenticate(component))
    }

    /// Whether both sign alike.
    package func isSame(as other: Secret) -> Bool {
        signature(over: []) == other.signature(over: [])
    }

    /// The key itself, for the diagnosis of a signature that did not verify.
    var key: HMACKey { keys.right }

    /// The keys of those who copied the text wrong. They are made with the secret, because its
    /// text is gone afterwards.
    var slips: [(slip: SecretSlip, key: HMACKey)] { keys.slips }

    package var description: String { "Secret(hidden)" }
}

/// How a secret's text is commonly copied wrong.
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
