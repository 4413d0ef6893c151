// One row of the strict reader's tables: bytes, and their fault if they have one.

import LoketJSON
import Testing

struct JSONCase: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    /// Nil: the bytes are strict JSON.
    let fault: JSONFault.Cause?
    let testDescription: String

    init(_ bytes: [UInt8], _ fault: JSONFault.Cause? = nil) {
        self.bytes = bytes
        self.fault = fault
        testDescription = bytes.prefix(40).map { byte in
            (0x20..<0x7F).contains(byte)
                ? String(Unicode.Scalar(byte)) : "<" + String(byte, radix: 16) + ">"
        }.joined()
    }

    init(_ text: String, _ fault: JSONFault.Cause? = nil) {
        self.init(Array(text.utf8), fault)
    }

    /// A JSON string that contains these bytes.
    static func string(_ inside: [UInt8], _ fault: JSONFault.Cause? = nil) -> JSONCase {
        JSONCase([0x22] + inside + [0x22], fault)
    }

    /// The fault that the reader reports; nil: accepted.
    static func verdict(on bytes: [UInt8]) -> JSONFault.Cause? {
        do {
            _ = try StrictJSON(bytes)
            return nil
        } catch {
            return error.cause
        }
    }
}
