// A scalar of the settings file or of the environment, and the four things it can be read as. The
// rules are narrower than YAML's, which knows seven ways to write a number and eleven for false:
// decimal numbers, `true` and `false`, and text that YAML would not take for something else.

import LoketCore
import Yams

struct SettingsScalar {
    enum Form { case plain, quoted, variable }

    let text: String
    let form: Form
    let place: SettingsPlace
    /// Plain, and YAML would not read it as text.
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
    /// A plain scalar with nothing in it, or `null`.
    var isEmptyScalar: Bool {
        scalar?.style == .plain && resolvedTag == .null
    }

    /// What YAML takes a node for.
    var resolvedTag: Tag.Name {
        Resolver.default.resolveTag(of: self)
    }

    /// What a node is, in the words of a message.
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
    /// A whole number within a range; nil where there is none, or none that is right.
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

    /// Text that `judge` finds nothing wrong with; `judge` says what it must be, or nil.
    func text(
        _ key: String, wanting what: String = "text", _ judge: (String) -> String?
    ) -> String? {
        guard let given = scalar(key, wanting: what) else { return nil }
        guard !given.isOtherThanText else {
            reading.refuse(given.place, "must be \(what): quote it")
            return nil
        }
        if let fault = judge(given.text) {
            reading.refuse(given.place, fault)
            return nil
        }
        return given.text
    }

    /// One of an enumeration's words.
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

/// `0`, `42`, `-7`: no sign of plus, no leading zero, no underscore, no other base.
private func decimal(_ text: String) -> Int? {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy(isASCIIDigit),
        digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    return Int(text)
}
