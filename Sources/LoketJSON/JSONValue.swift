// Access to the values of a JSON document. Each accessor returns the exact value or nil: a number
// is not a string, and `1.0` is not an integer.

package struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }

    package var isObject: Bool { node.kind == .object }
    package var isArray: Bool { node.kind == .array }
    package var isNull: Bool { node.kind == .null }
    package var isNumber: Bool { node.kind == .number }
    package var isString: Bool { node.kind == .string }
    /// Whether the value is unreadable; occurs only in a tolerant document.
    package var isDamaged: Bool { node.kind == .damaged }

    /// The object's member of this name; nil if absent or if the value is not an object.
    package subscript(_ name: StaticString) -> JSONValue? {
        let node = node
        guard node.kind == .object else { return nil }
        // Without the closures of `keys`: every inquiry passes here several times.
        var key = index + 1
        while key < node.after {
            if isText(name, document.nodes[key]) {
                return JSONValue(document: document, index: key + 1)
            }
            key = Int(document.nodes[key + 1].after)
        }
        return nil
    }

    /// Returns all members of this name; a tolerant document may have several.
    package func all(_ name: StaticString) -> [JSONValue] {
        keys.filter { isText(name, document.nodes[$0]) }
            .map { JSONValue(document: document, index: $0 + 1) }
    }

    /// The text of a string; nil for other values.
    package var string: String? {
        guard node.kind == .string else { return nil }
        if node.hasEscapes {
            return String(decoding: decoded(node, of: document.bytes), as: UTF8.self)
        }
        return String(decoding: rawBytes, as: UTF8.self)
    }

    /// Returns whether the value is a string of the same bytes.
    package func isString(_ text: String) -> Bool {
        guard node.kind == .string else { return false }
        return node.hasEscapes
            ? decoded(node, of: document.bytes).elementsEqual(text.utf8)
            : rawBytes.elementsEqual(text.utf8)
    }

    package var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// A number written as an integer: no dot, no exponent, not `-0`, within 64 bits.
    package var integer: Int64? {
        guard node.kind == .number else { return nil }
        let text = String(decoding: rawBytes, as: UTF8.self)
        return text == "-0" ? nil : Int64(text)
    }

    /// The bytes of the value as sent; a string without its quotes.
    package var rawBytes: ArraySlice<UInt8> {
        document.bytes[Int(node.start)..<Int(node.end)]
    }

    /// The members of an object in the order sent.
    package var members: [(name: String, value: JSONValue)] {
        keys.map { key in
            let name = String(
                decoding: decoded(document.nodes[key], of: document.bytes), as: UTF8.self)
            return (name, JSONValue(document: document, index: key + 1))
        }
    }

    /// The members of an object, with each name as a JSON value as sent.
    package var entries: [(key: JSONValue, value: JSONValue)] {
        keys.map { key in
            (
                JSONValue(document: document, index: key),
                JSONValue(document: document, index: key + 1)
            )
        }
    }

    /// The elements of an array.
    package var elements: [JSONValue] {
        guard node.kind == .array else { return [] }
        var list: [JSONValue] = []
        var next = index + 1
        while next < node.after {
            list.append(JSONValue(document: document, index: next))
            next = Int(document.nodes[next].after)
        }
        return list
    }

    /// The indices of an object's keys; each key's value has the next index.
    private var keys: some Sequence<Int> {
        let end = node.kind == .object ? Int(node.after) : 0
        return sequence(state: index + 1) { next -> Int? in
            guard next < end else { return nil }
            defer { next = Int(document.nodes[next + 1].after) }
            return next
        }
    }

    private func isText(_ text: StaticString, _ key: JSONNode) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard key.kind == .string else { return false }
        if key.hasEscapes { return decoded(key, of: document.bytes).elementsEqual(wanted) }
        guard Int(key.end - key.start) == wanted.count else { return false }
        return document.bytes[Int(key.start)..<Int(key.end)].elementsEqual(wanted)
    }
}

extension JSONValue {
    /// The value without white space between its tokens; order and numbers as sent.
    package var minified: [UInt8] { written(inOrderOfNames: false) }

    /// The minified value with each object's members sorted by the bytes of their names: a client's
    /// retry has the same text, whatever order its library writes.
    package var canonical: [UInt8] { written(inOrderOfNames: true) }

    private func written(inOrderOfNames: Bool) -> [UInt8] {
        switch node.kind {
        case .object:
            let members =
                inOrderOfNames
                ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                : members
            let parts = members.map { member in
                var writer = JSONWriter()
                writer.string(member.name)
                return writer.bytes + [UInt8(ascii: ":")]
                    + member.value.written(inOrderOfNames: inOrderOfNames)
            }
            return enclosed(parts, UInt8(ascii: "{"), UInt8(ascii: "}"))
        case .array:
            let parts = elements.map { $0.written(inOrderOfNames: inOrderOfNames) }
            return enclosed(parts, UInt8(ascii: "["), UInt8(ascii: "]"))
        case .string:
            var writer = JSONWriter()
            writer.string(string ?? "")
            return writer.bytes
        case .number, .yes, .no, .null, .damaged:
            return Array(rawBytes)
        }
    }

    private func enclosed(_ parts: [[UInt8]], _ opening: UInt8, _ closing: UInt8) -> [UInt8] {
        [opening] + Array(parts.joined(separator: [UInt8(ascii: ",")])) + [closing]
    }
}
