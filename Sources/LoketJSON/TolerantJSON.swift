// JSON from a sender whose every message counts: a fault inside one value costs that value, or that
// key, and no more. The structure must be JSON all the same: where one value ends and the next
// begins is never guessed, and what is cut off is refused.
//
// Tolerated: a BOM before the text and NULs after it; a key twice in one object, of which the
// caller sees each; in a string invalid UTF-8, half a surrogate pair, a control character, an
// unknown escape; a bare word (`NaN`, `007`, `True`) where a value should be. Other encodings,
// comments, other quotes, commas too many and bare keys are refused.

import LoketCore

/// A document whose structure is right. Its damaged values are no strings and no numbers.
package struct TolerantJSON: Sendable {
    /// The outermost value.
    package let root: JSONValue

    /// - Parameter depthMax: containers inside each other, the outermost counted.
    /// - Throws: the first fault of the structure, with the offset of the byte where it was seen.
    package init(_ bytes: [UInt8], depthMax: Int) throws(JSONFault) {
        root = JSONValue(
            document: try JSONDocument(bytes, depthMax: depthMax, isTolerant: true), index: 0)
    }
}
