// What callers ask a document for. Every answer is exact or nil: a number is not a string, and
// `1.0` is not an integer.

package struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }

    package var isObject: Bool { node.kind == .object }
    package var isArray: Bool { node.kind == .array }
    package var isNull: Bool { node.kind == .null }
    package var isNumber: Bool { node.kind == .number }
    /// A tolerant document holds it, and it has no value.
    package var isDamaged: Bool { node.kind == .damaged }

    /// The member of an object; nil if there is none, or if this is no object.
    package subscript(_ name: StaticString) -> JSONValue? {
        guard let value = keys.first(where: { isText(name, document.nodes[$0]) }) else {
            return nil
        }
        return JSONValue(document: document, index: value + 1)
    }

    /// Every member of this name, of which a tolerant document may hold several.
    package func all(_ name: StaticString) -> [JSONValue] {
        keys.filter { isText(name, document.nodes[$0]) }
            .map { JSONValue(document: document, index: $0 + 1) }
    }

    /// A string's text.
    package var string: String? {
        guard node.kind == .string else { return nil }
        if node.hasEscapes {
            return String(decoding: decoded(node, of: document.bytes), as: UTF8.self)
        }
        return String(decoding: rawBytes, as: UTF8.self)
    }

    package var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// A number written as a whole one: no dot, no exponent, no `-0`, within 64 bits.
    package var integer: Int64? {
        guard node.kind == .number else { return nil }
        let text = String(decoding: rawBytes, as: UTF8.self)
        return text == "-0" ? nil : Int64(text)
    }

    /// The value as it was sent; a string without its quotes.
    package var rawBytes: ArraySlice<UInt8> {
        document.bytes[Int(node.start)..<Int(node.end)]
    }

    /// An object's members in the order in which they were sent.
    package var members: [(name: String, value: JSONValue)] {
        keys.map { key in
            let name = String(
                decoding: decoded(document.nodes[key], of: document.bytes), as: UTF8.self)
            return (name, JSONValue(document: document, index: key + 1))
        }
    }

    /// The same, each name as the value that was sent.
    package var entries: [(key: JSONValue, value: JSONValue)] {
        keys.map { key in
            (
                JSONValue(document: document, index: key),
                JSONValue(document: document, index: key + 1)
            )
        }
    }

    /// An array's elements.
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

    /// Indices of an object's keys; each is followed by its value.
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
    /// The value's bytes without white space between its tokens; order and numbers as sent.
    package var minified: [UInt8] { written(inOrderOfNames: false) }

    /// The same with each object's members in the order of their names' bytes: a client's retry is
    /// the same text however his library orders a map.
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
