// JSON from a sender whose every message matters: a fault inside a value makes only that value, or
// that key, unreadable. The structure must still be JSON: the boundary between values is never
// guessed, and truncated text is rejected.
//
// Tolerated: a BOM before the text and NULs after it; a repeated key in one object, with access to
// each value; in a string invalid UTF-8, half a surrogate pair, a control character, an unknown
// escape; a bare word (`NaN`, `007`, `True`) in the place of a value. Other encodings, comments,
// other quotes, extra commas and unquoted keys are rejected.

import LoketCore

/// A document with a valid structure. A damaged value is read as
/// neither a string nor a number.
package struct TolerantJSON: Sendable {
    /// The root value.
    package let root: JSONValue

    /// - Parameter depthMax: the maximum nesting of containers, including the outermost.
    /// - Throws: the first fault of the structure, with the offset at which it was detected.
    package init(_ bytes: [UInt8], depthMax: Int) throws(JSONFault) {
        root = JSONValue(
            document: try JSONDocument(bytes, depthMax: depthMax, isTolerant: true), index: 0)
    }
}
