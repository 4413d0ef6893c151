// Has this object had this key before? Asked for every key, so a small object is searched and a
// large one hashed: a body full of keys must not cost the square of their number.

struct JSONKeys {
    private static let searchedMax = 16
    private var count = 0
    private var hashed: Set<[UInt8]> = []

    /// False if the key is there already.
    ///
    /// - Parameters:
    ///   - key: index of the key's node, the last of its object so far.
    ///   - first: index of the object's first key.
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
