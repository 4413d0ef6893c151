// Exact RFC 8259 over bytes: any input that two parsers could interpret differently is rejected.
// Duplicate keys, trailing commas, a BOM, UTF-16, invalid UTF-8, lone surrogates, leading zeros,
// NaN, and nesting beyond a limit are faults. Unknown fields and any order of keys are valid.
//
// A single pass produces a flat list of nodes; texts are decoded only on access.
// JSONScanner is the parser; JSONValue provides access to the values.

import LoketCore

/// A document that was read completely and is valid.
package struct StrictJSON: Sendable {
    /// The root value.
    package let root: JSONValue

    /// - Parameter depthMax: the maximum nesting of containers, including the outermost.
    /// - Throws: the first fault, with the offset of the byte at which it was detected.
    package init(_ bytes: [UInt8], depthMax: Int = JSONBounds.depthMax) throws(JSONFault) {
        root = JSONValue(
            document: try JSONDocument(bytes, depthMax: depthMax, isTolerant: false), index: 0)
    }
}

/// The bytes of a document and the nodes parsed from them.
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

/// One value in the list. An object's children alternate: key, value; `after` skips them.
struct JSONNode: Sendable {
    enum Kind: UInt8 {
        case object, array, string, number, yes, no, null
        /// A string with a fault, or an invalid bare word; only in tolerant documents.
        case damaged
    }

    var kind: Kind
    /// Whether the string has escapes and must be decoded before comparison.
    var hasEscapes = false
    /// The range of the value's bytes; a string's without its quotes.
    var start: Int32
    var end: Int32
    /// The index of the first node after this node and all its children.
    var after: Int32
}

/// The reason why bytes are not strict JSON.
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
    /// The number of bytes before the fault.
    package let offset: Int

    package var description: String { "\(cause.rawValue) at byte \(offset)" }
}

package enum JSONBounds {
    package static let depthMax = Limits.jsonDepthMax
    /// The maximum document size: offsets are stored in 32 bits.
    static let bytesMax = Int(Int32.max)
}
