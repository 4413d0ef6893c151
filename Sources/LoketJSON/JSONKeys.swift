// Detection of duplicate keys in an object. Small objects are searched and large objects hashed, so
// that the time for many keys is not quadratic.

struct JSONKeys {
    private static let searchedMax = 16
    private var count = 0
    private var hashed: Set<[UInt8]> = []

    /// Records a key; returns false if the object already has the key.
    ///
    /// - Parameters:
    ///   - key: the index of the key's node, the last key of the object so far.
    ///   - first: the index of the object's first key.
    mutating func insert(
        _ key: Int, after first: Int, in nodes: [JSONNode], of bytes: [UInt8]
    ) -> Bool {
        count += 1
        if count <= Self.searchedMax {
            var sibling = first
            while sibling < key {
                if equal(nodes[sibling], nodes[key], in: bytes) { return false }
                sibling = Int(nodes[sibling + 1].after)
            }
            return true
        }
        if hashed.isEmpty {
            var sibling = first
            while sibling < key {
                hashed.insert(decoded(nodes[sibling], of: bytes))
                sibling = Int(nodes[sibling + 1].after)
            }
        }
        return hashed.insert(decoded(nodes[key], of: bytes)).inserted
    }

    private func equal(_ left: JSONNode, _ right: JSONNode, in bytes: [UInt8]) -> Bool {
        if left.hasEscapes || right.hasEscapes {
            return decoded(left, of: bytes) == decoded(right, of: bytes)
        }
        guard left.end - left.start == right.end - right.start else { return false }
        return bytes[Int(left.start)..<Int(left.end)]
            .elementsEqual(bytes[Int(right.start)..<Int(right.end)])
    }
}
