// One mapping of the settings file, read key by key, and its scalars. The section records which
// keys were read; all other keys are refused as unknown.

import LoketCore
import LoketStore
import Yams

final class SettingsSection {
    let place: SettingsPlace
    let reading: SettingsReading
    private let overridable: Bool
    private var entries: [(name: String, line: Int?, node: Node)] = []
    private var asked: Set<String> = []

    init(_ node: Node?, at place: SettingsPlace, in reading: SettingsReading, overridable: Bool) {
        self.place = place
        self.reading = reading
        self.overridable = overridable
        guard let node else { return }
        guard let mapping = node.mapping else {
            reading.refuse(
                SettingsPlace(path: place.path, line: place.line ?? node.mark?.line),
                "must be a mapping (`key: value`), not \(node.kind)")
            return
        }
        for (key, value) in mapping {
            let line = key.mark?.line
            if let name = key.scalar?.string {
                entries.append((name, line, value))
            } else {
                reading.refuse(SettingsPlace(path: place.path, line: line), "a key must be text")
            }
        }
    }

    func has(_ key: String) -> Bool {
        node(key) != nil
    }

    func node(_ key: String) -> Node? {
        asked.insert(key)
        return entries.first { $0.name == key }?.node
    }

    /// Returns the place of a key; the place of its section if the key is missing.
    func place(of key: String) -> SettingsPlace {
        let path = path(of: key)
        if overridable, let variable = reading.variable(for: path) {
            return SettingsPlace(path: variable.name, line: nil)
        }
        return SettingsPlace(path: path, line: entries.first { $0.name == key }?.line ?? place.line)
    }

    func section(_ key: String) -> SettingsSection {
        let node = node(key)
        return reading.section(node, at: writtenPlace(of: key), overridable: overridable)
    }

    func refuse(_ key: String, _ message: String) {
        reading.refuse(place(of: key), message)
    }

    /// Returns the entries of a required list. A missing or empty list is refused.
    func requiredList(_ key: String, holding what: String) -> [(place: SettingsPlace, node: Node)] {
        guard let node = node(key) else {
            reading.refuse(writtenPlace(of: key), "is missing: give \(what)")
            return []
        }
        let place = writtenPlace(of: key)
        guard let items = node.sequence else {
            reading.refuse(place, "must be a list, not \(node.kind): give \(what)")
            return []
        }
        if items.isEmpty { reading.refuse(place, "is an empty list: give \(what)") }
        return items.enumerated().map { index, item in
            (place.entry(index, line: item.mark?.line), item)
        }
    }

    /// Returns a scalar, from its variable if set, otherwise from the file; nil if it is missing,
    /// or if the value in the file is not a scalar and so is refused.
    func scalar(_ key: String, wanting what: String) -> SettingsScalar? {
        let node = node(key)
        if overridable, let variable = reading.variable(for: path(of: key)) {
            let place = SettingsPlace(path: variable.name, line: nil)
            return SettingsScalar(text: variable.text, form: .variable, place: place)
        }
        guard let node else { return nil }
        guard let scalar = node.scalar, !node.isEmptyScalar else {
            let remedy =
                node.isEmptyScalar && overridable ? "; remove the line to use the default" : ""
            reading.refuse(
                writtenPlace(of: key), "must be \(what), not \(node.kind)\(remedy)")
            return nil
        }
        return SettingsScalar(scalar, at: writtenPlace(of: key))
    }

    func refuseUnknownKeys() {
        for entry in entries where !asked.contains(entry.name) {
            var message = "unknown key"
            if let near = nearest(to: entry.name, among: asked) {
                message += "; did you mean \(near)?"
            } else {
                message += "; the keys here are \(asked.sorted().joined(separator: ", "))"
            }
            let path = path(of: shownName(entry.name))
            reading.refuse(SettingsPlace(path: path, line: entry.line), message)
        }
    }

    private func path(of key: String) -> String {
        place.path.isEmpty ? key : place.path + "." + key
    }

    /// Returns the place of a key in the file, even if a variable is set.
    private func writtenPlace(of key: String) -> SettingsPlace {
        let line = entries.first { $0.name == key }?.line ?? place.line
        return SettingsPlace(path: path(of: key), line: line)
    }
}

/// A scalar of the settings file or of the environment. Accepted are decimal numbers, `true` and
/// `false`, and text that YAML would not interpret as another type. YAML itself is less strict: it
/// has seven notations for numbers and eleven for false.
struct SettingsScalar {
    enum Form { case plain, quoted, variable }

    let text: String
    let form: Form
    let place: SettingsPlace
    /// Whether the scalar is unquoted and YAML would not interpret it as text.
    let isOtherThanText: Bool

    init(text: String, form: Form, place: SettingsPlace) {
        self.text = text
        self.form = form
        self.place = place
        isOtherThanText = false
    }

    init(_ scalar: Node.Scalar, at place: SettingsPlace) {
        text = scalar.string
        form = scalar.style == .plain ? .plain : .quoted
        self.place = place
        isOtherThanText = form == .plain && Node.scalar(scalar).resolvedTag != .str
    }
}

extension Node {
    /// Whether the node is an unquoted empty scalar or `null`.
    var isEmptyScalar: Bool {
        scalar?.style == .plain && resolvedTag == .null
    }

    /// The type that YAML assigns to the node.
    var resolvedTag: Tag.Name {
        Resolver.default.resolveTag(of: self)
    }

    /// The kind of the node, for messages.
    var kind: String {
        switch self {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar):
            if isEmptyScalar {
                "empty"
            } else if scalar.style == .plain, [.int, .float].contains(resolvedTag) {
                "a number"
            } else {
                "text"
            }
        }
    }
}

extension SettingsSection {
    /// Reads a whole number within a range; nil if it is missing or was refused.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        let what =
            range == Int.min...Int.max
            ? "a whole number" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let given = scalar(key, wanting: what) else { return nil }
        guard given.form != .quoted else {
            reading.refuse(given.place, "must be \(what), not text: remove the quotes")
            return nil
        }
        guard let value = decimal(given.text), range.contains(value) else {
            reading.refuse(given.place, "must be \(what)")
            return nil
        }
        return value
    }

    func flag(_ key: String) -> Bool? {
        let what = "true or false"
        guard let given = scalar(key, wanting: what) else { return nil }
        if given.form != .quoted {
            if given.text == "true" { return true }
            if given.text == "false" { return false }
        }
        reading.refuse(given.place, "must be \(what)")
        return nil
    }

    /// Reads a text that `judge` accepts; `judge` returns what is wrong, or nil.
    func text(
        _ key: String, wanting what: String = "text", _ judge: (String) -> String?
    ) -> String? {
        guard let given = scalar(key, wanting: what) else { return nil }
        guard !given.isOtherThanText else {
            reading.refuse(given.place, "must be \(what): put the value in quotes")
            return nil
        }
        if let fault = judge(given.text) {
            reading.refuse(given.place, fault)
            return nil
        }
        return given.text
    }

    /// Reads a raw value of an enumeration.
    func choice<Choice>(_ key: String, of type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        let what = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        guard let given = scalar(key, wanting: what) else { return nil }
        guard let choice = Choice(rawValue: given.text) else {
            reading.refuse(given.place, "must be \(what)")
            return nil
        }
        return choice
    }
}

/// Parses a decimal number, such as `0`, `42` or `-7`: no plus sign, no leading zero, no
/// underscore, no other base.
private func decimal(_ text: String) -> Int? {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy(isASCIIDigit),
        digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    return Int(text)
}
