// A JSON value that preserves the order of members, used for the OpenAPI document from its YAML
// sources to the served JSON. Not for input from clients.

import LoketCore
import LoketJSON
import Yams

indirect enum OpenAPIValue: Equatable {
    struct Member: Equatable {
        let name: String
        var value: OpenAPIValue
    }

    case null
    case flag(Bool)
    case number(Int64)
    case text(String)
    case list([OpenAPIValue])
    case object([Member])

    /// The value of a member; nil if the member is missing or this value is not an object.
    subscript(_ name: String) -> OpenAPIValue? {
        get { members.first { $0.name == name }?.value }
        set {
            var members = members
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): return
            }
            self = .object(members)
        }
    }

    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    var elements: [OpenAPIValue] {
        if case .list(let elements) = self { elements } else { [] }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }
}

// MARK: From YAML

extension OpenAPIValue {
    /// Parses a part of the program; traps if the text is not YAML or repeats a key.
    init(yaml: String) {
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                preconditionFailure("a part of the API's document is empty")
            }
            self.init(node)
        } catch {
            preconditionFailure("a part of the API's document is no YAML: \(error)")
        }
    }

    private init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(
                mapping.map { key, value in
                    guard let name = key.scalar?.string else {
                        preconditionFailure("a key in the API's document is no text")
                    }
                    return Member(name: name, value: OpenAPIValue(value))
                })
        case .sequence(let sequence):
            self = .list(sequence.map { OpenAPIValue($0) })
        case .scalar(let scalar):
            self = scalar.style == .plain ? Self.plain(scalar.string) : .text(scalar.string)
        case .alias:
            preconditionFailure("the API's document has no aliases")
        }
    }

    /// YAML has seven notations for numbers and eleven for false; this parser accepts one of each.
    private static func plain(_ word: String) -> OpenAPIValue {
        switch word {
        case "null": .null
        case "true": .flag(true)
        case "false": .flag(false)
        default: Int64(word).map { .number($0) } ?? .text(word)
        }
    }
}

// MARK: To JSON

extension OpenAPIValue {
    /// Minified JSON.
    var json: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let number): bytes += String(number).utf8
        case .text(let text): Self.write(text, to: &bytes)
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.string(text)
        bytes += writer.bytes
    }
}
