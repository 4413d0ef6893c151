// Access to the used fields of a notification, with a check that each has one value. In a strict
// document every field passes the check.

import LoketJSON

struct UsedFields {
    private let root: JSONValue
    /// Whether every field requested so far is sound: not damaged, not repeated with two values,
    /// and not in a repeated object.
    private(set) var areSound = true

    init(_ root: JSONValue) {
        self.root = root
    }

    /// Returns an object in the root; nil if absent or not sound.
    mutating func object(_ name: StaticString) -> JSONValue? {
        let copies = root.all(name)
        let isSound = copies.count <= 1 && !copies.contains(where: \.isDamaged)
        areSound = areSound && isSound
        return isSound ? copies.first : nil
    }

    /// Returns a member of an object; nil if absent or not sound.
    mutating func value(_ name: StaticString, of object: JSONValue?) -> JSONValue? {
        let copies = object?.all(name) ?? []
        guard let first = copies.first else { return nil }
        let isSound =
            !copies.contains(where: \.isDamaged)
            && copies.dropFirst().allSatisfy { $0.canonical == first.canonical }
        areSound = areSound && isSound
        return isSound ? first : nil
    }
}
