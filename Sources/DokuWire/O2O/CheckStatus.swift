// Asking DOKU what became of an invoice: a signed GET, and the check of what comes back.

import LoketCore
import LoketSystem

package enum CheckStatus {
    /// The path of the question, which is also what is signed.
    ///
    /// - Parameter basePath: path of the configured base URL, without a slash at its end.
    package static func target(basePath: String, invoiceNumber: String) -> String {
        var target = basePath + "/orders/v1/status/"
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in invoiceNumber.utf8 {
            if isUnreserved(byte) {
                target.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let pair = [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                target += String(decoding: pair, as: UTF8.self)
            }
        }
        return target
    }

    /// The number that a target asks about.
    package static func invoiceNumber(ofTarget target: String) -> String? {
        guard let last = target.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        var bytes: [UInt8] = []
        var rest = Array(target.utf8[target.utf8.index(after: last)...])[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let pair = rest.prefix(2)
            guard pair.count == 2, pair.allSatisfy(isHexadecimal),
                let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The four headers of the question; a GET has no Digest line.
    package static func headers(
        clientID: String, requestID: String, now: Moment, target: String, secret: Secret
    ) -> [(name: String, value: String)] {
        let component = Signature.component(
            .request, clientID: clientID, requestID: requestID, timestamp: now.utcText,
            target: target, body: nil)
        return [
            ("Client-Id", clientID), ("Request-Id", requestID),
            ("Request-Timestamp", now.utcText),
            ("Signature", String(decoding: secret.signature(over: component), as: UTF8.self)),
        ]
    }

    /// Whether an answer's signature is right; whether it must have one is the caller's to say.
    package static func verifies(
        _ signature: String, clientID: String, requestID: String, timestamp: String,
        target: String, body: [UInt8], secret: Secret
    ) -> Bool {
        let component = Signature.component(
            .response, clientID: clientID, requestID: requestID, timestamp: timestamp,
            target: target, body: body)
        return equalInConstantTime(secret.signature(over: component), Array(signature.utf8))
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"):
            true
        default: false
        }
    }

    /// RFC 3986 §2.3: what a path may carry as it is.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
