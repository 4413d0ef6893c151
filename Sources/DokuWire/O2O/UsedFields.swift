// The fields of a notification that are used, and whether each of them has one value. A strict
// document has nothing that is not sound.

import LoketJSON

struct UsedFields {
    private let root: JSONValue
    /// False once a field was asked for that is damaged, that is there twice with two values, or
    /// whose object is there twice.
    private(set) var areSound = true

    init(_ root: JSONValue) {
        self.root = root
    }

    /// An object of the outermost one.
    mutating func object(_ name: StaticString) -> JSONValue? {
        let copies = root.all(name)
        let isSound = copies.count <= 1 && !copies.contains(where: \.isDamaged)
        areSound = areSound && isSound
        return isSound ? copies.first : nil
    }

    /// A member of an object; nil if there is none, or none that is sound.
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
