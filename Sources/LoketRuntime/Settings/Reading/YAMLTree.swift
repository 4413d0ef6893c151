// A settings file as Yams sees it, with one thing added: a key given twice does not end the
// reading. Yams refuses the document at the first such key, and then all other problems would
// wait for the next start. So the first letter of the earlier one is replaced by a stand-in
// until the document composes; `name(of:)` gives the key its letter back.

import Yams

struct YAMLTree {
    /// nil: an empty file.
    let root: Node?
    private let originals: [Unicode.Scalar: Unicode.Scalar]

    init(_ text: String) throws(SettingsProblem) {
        var scalars = Array(text.unicodeScalars)
        // Some editors put one before UTF-8 text, and it belongs to no key.
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        let present = Set(scalars)
        // Of the private use area: YAML allows it, settings have no use for it. A hundred, because
        // each costs a parse.
        var standIns = (0xE000...0xE063).lazy.compactMap { Unicode.Scalar(UInt32($0)) }
            .filter { !present.contains($0) }.makeIterator()
        var originals: [Unicode.Scalar: Unicode.Scalar] = [:]

        while true {
            do {
                var composed = String.UnicodeScalarView()
                composed.append(contentsOf: scalars)
                root = try Yams.compose(yaml: String(composed))
                self.originals = originals
                return
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                guard let place = Self.letter(of: context.mark, in: scalars),
                    originals[scalars[place]] == nil, let standIn = standIns.next()
                else {
                    throw SettingsProblem(
                        line: context.mark.line, path: "", message: "a key is given twice")
                }
                originals[standIn] = scalars[place]
                scalars[place] = standIn
            } catch {
                throw Self.syntaxProblem(error)
            }
        }
    }

    /// A mapping's key as it was written; nil where it is not a scalar.
    func name(of key: Node) -> String? {
        guard let text = key.scalar?.string else { return nil }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: text.unicodeScalars.map { originals[$0] ?? $0 })
        return String(name)
    }

    /// Where the first letter of the key at a mark stands, past its quote.
    private static func letter(of mark: Mark, in scalars: [Unicode.Scalar]) -> Int? {
        var place = 0
        var line = 1
        while line < mark.line {
            guard place < scalars.count else { return nil }
            let pair = scalars[place] == "\r" && scalars.dropFirst(place + 1).first == "\n"
            if "\r\n\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalars[place]) { line += 1 }
            place += pair ? 2 : 1
        }
        place += mark.column - 1
        if place < scalars.count, scalars[place] == "\"" || scalars[place] == "'" { place += 1 }
        return place < scalars.count ? place : nil
    }

    /// A YAML error in one line. libyaml's texts are fixed: they repeat nothing of the file.
    private static func syntaxProblem(_ error: any Error) -> SettingsProblem {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            var message = "is not YAML: "
            if let context {
                message += "\(context.text) from line \(context.mark.line): "
            }
            message += problem
            if problem.contains("cannot start any token") {
                message += " (indent with spaces, and quote a text that opens with a sign)"
            }
            return SettingsProblem(line: mark.line, path: "", message: message)
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.utf8.prefix($0).count(where: { $0 == 0x0A }) + 1 }
            return SettingsProblem(line: line, path: "", message: "is not YAML: \(problem)")
        default:
            return SettingsProblem(line: nil, path: "", message: "is not YAML")
        }
    }
}
