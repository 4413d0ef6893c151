// One reading of a settings file: the problems found so far, and the keys that were read. A key or
// variable that is given and never read is unknown, so there is no second list of settings.

import LoketSystem
import Yams

/// Where a value was given: a line of the file, or a variable of the environment.
struct SettingsPlace: Equatable {
    let path: String
    let line: Int?

    /// For naming it in another's message.
    var reference: String {
        line.map { "\(path) (line \($0))" } ?? path
    }

    func entry(_ index: Int, line: Int?) -> SettingsPlace {
        SettingsPlace(path: "\(path)[\(index)]", line: line ?? self.line)
    }
}

final class SettingsReading {
    let environment: [String: String]
    /// Absolute; what relative paths start from.
    let folder: String
    private(set) var problems: [SettingsProblem] = []
    private var sections: [SettingsSection] = []
    private var variablesAsked: Set<String> = []
    private var variablesIgnored: Set<String> = []
    /// Absolute paths, in the order of the file.
    private(set) var secretFiles: [String] = []

    /// What `part` reads from a YAML text, or every problem with it.
    static func read<Part>(
        yaml: String, file: String, environment: [String: String],
        _ part: (SettingsSection) -> Part
    ) throws(SettingsRefused) -> Part {
        let root: Node?
        do throws(SettingsProblem) {
            root = try Node.root(of: yaml)
        } catch {
            throw SettingsRefused(file: file, problems: [error])
        }
        let reading = SettingsReading(
            environment: environment, folder: BoundedFile.folder(of: file))
        let top = SettingsPlace(path: "", line: nil)
        let result = part(reading.section(root, at: top, overridable: true))
        guard reading.problems.isEmpty else {
            throw SettingsRefused(file: file, problems: reading.problems)
        }
        return result
    }

    private init(environment: [String: String], folder: String) {
        self.environment = environment
        self.folder = folder
    }

    func refuse(_ place: SettingsPlace, _ message: String) {
        problems.append(SettingsProblem(line: place.line, path: place.path, message: message))
    }

    /// A mapping of the file; an empty one where there is none, so that the reading goes on.
    /// - Parameter overridable: its scalars have variables, as all outside lists have.
    func section(_ node: Node?, at place: SettingsPlace, overridable: Bool) -> SettingsSection {
        let section = SettingsSection(node, at: place, in: self, overridable: overridable)
        sections.append(section)
        return section
    }

    /// The variable that replaces the scalar at a path, if it is set, and not by Kubernetes.
    func variable(for path: String) -> (name: String, text: String)? {
        let name = SettingsVariables.name(for: path)
        variablesAsked.insert(name)
        guard let text = environment[name] else { return nil }
        guard !SettingsVariables.isInjected(name, text: text) else {
            variablesIgnored.insert(name)
            return nil
        }
        return (name, text)
    }

    /// What the operator should know although nothing is wrong.
    var notes: [String] {
        variablesIgnored.sorted().map(SettingsVariables.ignoredMessage)
    }

    func readsSecret(from file: String) {
        secretFiles.append(file)
    }

    /// A variable by the name that the file gives it: a secret's.
    func secretVariable(_ name: String) -> String? {
        variablesAsked.insert(name)
        return environment[name]
    }

    /// Refuses what was given and never asked for. The last step of a reading.
    func refuseUnknown() {
        for section in sections { section.refuseUnknownKeys() }
        let ours = environment.filter { SettingsVariables.isOurs($0.key) }
        for (name, text) in ours.sorted(by: { $0.key < $1.key })
        where !variablesAsked.contains(name) && !SettingsVariables.isElsewhere(name)
            && !SettingsVariables.isInjected(name, text: text)
        {
            let message = SettingsVariables.unknownMessage(name, known: variablesAsked)
            refuse(SettingsPlace(path: shownName(name), line: nil), message)
        }
    }
}

/// A key or a name as a message may show it: short, on one line, and never a DOKU secret key
/// that was put where a name belongs.
func shownName(_ text: String) -> String {
    if text.contains("SK-") { return "(hidden)" }
    let printable = text.unicodeScalars.prefix(40).map { scalar in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : String(scalar)
    }
    return printable.joined() + (text.unicodeScalars.count > 40 ? "…" : "")
}

extension Node {
    /// nil: an empty file.
    fileprivate static func root(of yaml: String) throws(SettingsProblem) -> Node? {
        // Some editors write a byte order mark; it is not part of the first key.
        let hasMark = yaml.unicodeScalars.first == "\u{FEFF}"
        do {
            return try Yams.compose(
                yaml: hasMark ? String(yaml.unicodeScalars.dropFirst()) : yaml)
        } catch {
            throw problem(error)
        }
    }

    /// A YAML error in one line. libyaml's texts are fixed: they repeat nothing of the file.
    private static func problem(_ error: any Error) -> SettingsProblem {
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
        case .duplicatedKeysInMapping(let keys, let context):
            return SettingsProblem(
                line: context.mark.line, path: shownName(keys.first ?? ""),
                message: "is given twice, first in this line: keep one "
                    + "(the rest of the file was not checked)")
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.utf8.prefix($0).count(where: { $0 == 0x0A }) + 1 }
            return SettingsProblem(line: line, path: "", message: "is not YAML: \(problem)")
        default:
            return SettingsProblem(line: nil, path: "", message: "is not YAML")
        }
    }
}
