// RFC 8259, exactly, over bytes: what two readers could understand differently is refused.
// Duplicate keys, trailing commas, a BOM, UTF-16, invalid UTF-8, lone surrogates, leading zeros,
// NaN, and depth over a bound are faults. Unknown fields and any order of keys are fine.
//
// One pass fills a flat list of nodes; text is decoded only where a caller asks for it.
// The grammar itself is in JSONScanner, what callers ask for in JSONValue.

import LoketCore

/// A document that was read whole and is right.
package struct StrictJSON: Sendable {
    /// The outermost value.
    package let root: JSONValue

    /// - Parameter depthMax: containers inside each other, the outermost counted.
    /// - Throws: the first fault, with the offset of the byte where it was seen.
    package init(_ bytes: [UInt8], depthMax: Int = JSONBounds.depthMax) throws(JSONFault) {
        root = JSONValue(
            document: try JSONDocument(bytes, depthMax: depthMax, isTolerant: false), index: 0)
    }
}

/// Bytes, and the values that were found in them.
struct JSONDocument: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    init(_ bytes: [UInt8], depthMax: Int, isTolerant: Bool) throws(JSONFault) {
        var scanner = JSONScanner(bytes, depthMax: depthMax, isTolerant: isTolerant)
        try scanner.readDocument()
        self.bytes = bytes
        nodes = scanner.nodes
    }
}

/// One value in the list. An object's children are key, value, key, value; `after` skips them.
struct JSONNode: Sendable {
    enum Kind: UInt8 {
        case object, array, string, number, yes, no, null
        /// A string with a fault in it, or a bare word of no meaning; only where it is tolerated.
        case damaged
    }

    var kind: Kind
    /// A string that has escapes must be decoded before it is compared.
    var hasEscapes = false
    /// The value's bytes; a string's without its quotes.
    var start: Int32
    var end: Int32
    /// Index of the first node after this one and all its children.
    var after: Int32
}

/// Why bytes are not strict JSON.
package struct JSONFault: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Cause: String, Sendable {
        case empty = "nothing but white space"
        case unexpectedByte = "unexpected byte"
        case unexpectedEnd = "ends too early"
        case trailingBytes = "something follows the value"
        case tooDeep = "too many containers inside each other"
        case duplicateKey = "a key appears twice in one object"
        case badNumber = "not a JSON number"
        case badEscape = "not a JSON escape"
        case loneSurrogate = "half of a surrogate pair"
        case controlCharacter = "a control character in a string"
        case badUTF8 = "not UTF-8"
        case tooLong = "too many bytes"
    }

    package let cause: Cause
    /// Bytes before the fault.
    package let offset: Int

    package var description: String { "\(cause.rawValue) at byte \(offset)" }
}

package enum JSONBounds {
    package static let depthMax = Limits.jsonDepthMax
    /// Offsets are kept in 32 bits.
    static let bytesMax = Int(Int32.max)
}
