// JSON Merge Patch (RFC 7396) of a document that nobody but the merchant knows: a bill's metadata.

import DokuWire

enum MergePatch {
    /// - Parameter target: nil where there is nothing yet.
    /// - Returns: minified JSON.
    static func apply(_ patch: JSONValue, to target: JSONValue?) -> [UInt8] {
        guard patch.isObject else { return patch.minified }
        let changes = patch.members
        let names = Set(changes.map(\.name))
        let before = target?.isObject == true ? target?.members ?? [] : []
        var parts: [[UInt8]] = []
        for member in before where !names.contains(member.name) {
            parts.append(text(member.name, member.value.minified))
        }
        for change in changes where !change.value.isNull {
            let old = before.first { $0.name == change.name }?.value
            parts.append(text(change.name, apply(change.value, to: old)))
        }
        let comma = [UInt8(ascii: ",")]
        return [UInt8(ascii: "{")] + Array(parts.joined(separator: comma)) + [UInt8(ascii: "}")]
    }

    private static func text(_ name: String, _ value: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(name)
        return writer.bytes + [UInt8(ascii: ":")] + value
    }
}
