// The four required headers of a request by DOKU, exactly one of each. Names are compared without
// case, values by bytes; nothing is trimmed, joined or repaired.

import LoketCore

package struct SignedHeaders: Sendable {
    package let clientID: String
    package let requestID: String
    package let timestamp: String
    package let signature: String

    /// - Parameter fields: the header lines as received, in any order.
    /// - Throws: the first fault, in the order of WireRejection.
    package init(
        _ fields: some Sequence<(name: String, value: String)>
    ) throws(WireRejection) {
        var client = Once()
        var request = Once()
        var time = Once()
        var mark = Once()
        for (name, value) in fields {
            switch name.utf8.count {
            case 9 where equalWithoutCase(name, "client-id"): client.take(value)
            case 9 where equalWithoutCase(name, "signature"): mark.take(value)
            case 10 where equalWithoutCase(name, "request-id"): request.take(value)
            case 17 where equalWithoutCase(name, "request-timestamp"): time.take(value)
            default: continue
            }
        }
        clientID = try client.value(orMissing: .clientIDMissing, orTwice: .clientIDTwice)
        guard isIdentifier(clientID) else { throw .clientIDMalformed }
        requestID = try request.value(orMissing: .requestIDMissing, orTwice: .requestIDTwice)
        guard isIdentifier(requestID) else { throw .requestIDMalformed }
        timestamp = try time.value(orMissing: .timestampMissing, orTwice: .timestampTwice)
        signature = try mark.value(orMissing: .signatureMissing, orTwice: .signatureTwice)
    }
}

/// A header that must not be repeated.
private struct Once {
    private var first: String?
    private var isTwice = false

    mutating func take(_ value: String) {
        if first == nil { first = value } else { isTwice = true }
    }

    func value(
        orMissing missing: WireRejection, orTwice twice: WireRejection
    ) throws(WireRejection) -> String {
        guard !isTwice else { throw twice }
        guard let first, !first.isEmpty else { throw missing }
        return first
    }
}

/// Returns whether a text has only visible ASCII characters, at most 128.
package func isIdentifier(_ text: String) -> Bool {
    text.utf8.count <= Limits.headerIdentifierMax && text.utf8.allSatisfy(isVisibleASCII)
}

/// Compares ASCII without case; `lower` must be in lower case and of the same length.
package func equalWithoutCase(_ name: String, _ lower: StaticString) -> Bool {
    var place = 0
    for byte in name.utf8 {
        let folded = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        guard folded == lower.utf8Start[place] else { return false }
        place += 1
    }
    return true
}
