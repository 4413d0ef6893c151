// JSON Merge Patch (RFC 7396) of a document that nobody but the merchant knows: a bill's metadata.

import LoketJSON

enum MergePatch {
    /// - Parameter target: nil where there is nothing yet.
    /// - Returns: minified JSON.
    static func apply(_ patch: JSONValue, to target: JSONValue?) -> [UInt8] {
        guard patch.isObject else { return patch.minified }
        let before = target?.isObject == true ? target?.members ?? [] : []
        let (changes, known) = (byName(patch.members), byName(before))
        // In place, so that a patch that changes nothing gives the same bytes.
        var parts = before.compactMap { member -> [UInt8]? in
            guard let change = changes[Array(member.name.utf8)] else {
                return text(member.name, member.value.minified)
            }
            return change.isNull ? nil : text(member.name, apply(change, to: member.value))
        }
        for change in patch.members where !change.value.isNull {
            guard known[Array(change.name.utf8)] == nil else { continue }
            parts.append(text(change.name, apply(change.value, to: nil)))
        }
        let comma = [UInt8(ascii: ",")]
        return [UInt8(ascii: "{")] + Array(parts.joined(separator: comma)) + [UInt8(ascii: "}")]
    }

    /// By the bytes of the name: `String` would take two spellings of an é for one.
    private static func byName(
        _ members: [(name: String, value: JSONValue)]
    ) -> [[UInt8]: JSONValue] {
        Dictionary(
            members.map { (Array($0.name.utf8), $0.value) }, uniquingKeysWith: { first, _ in first }
        )
    }

    private static func text(_ name: String, _ value: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(name)
        return writer.bytes + [UInt8(ascii: ":")] + value
    }
}
