// The state while a settings file is read: the problems found, and the keys and variables read. A
// key or variable that is present and never read is unknown; no separate list of names is needed.

import LoketSystem
import Yams

/// The origin of a value: a line of the file, or an environment variable.
struct SettingsPlace: Equatable {
    let path: String
    let line: Int?

    /// The place as text, for a message about another place.
    var reference: String {
        line.map { "\(path) (line \($0))" } ?? path
    }

    func entry(_ index: Int, line: Int?) -> SettingsPlace {
        SettingsPlace(path: "\(path)[\(index)]", line: line ?? self.line)
    }
}

final class SettingsReading {
    let environment: [String: String]
    /// The absolute path of the folder from which relative paths start.
    let folder: String
    private(set) var problems: [SettingsProblem] = []
    private var sections: [SettingsSection] = []
    private var variablesAsked: Set<String> = []
    private var variablesIgnored: Set<String> = []
    /// The absolute paths of the secret files, in the order of the settings file.
    private(set) var secretFiles: [String] = []

    /// Returns the result of `part`, which reads from a YAML text.
    /// - Throws: `SettingsRefused` with every problem of the text.
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

    /// Returns a mapping of the file, empty if the node is missing, so that reading continues.
    /// - Parameter overridable: whether variables override its scalars; false inside lists.
    func section(_ node: Node?, at place: SettingsPlace, overridable: Bool) -> SettingsSection {
        let section = SettingsSection(node, at: place, in: self, overridable: overridable)
        sections.append(section)
        return section
    }

    /// Returns the variable that replaces the scalar at a path; nil if unset or set by Kubernetes.
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

    /// Notes for the operator about settings that are valid.
    var notes: [String] {
        variablesIgnored.sorted().map(SettingsVariables.ignoredMessage)
    }

    func readsSecret(from file: String) {
        secretFiles.append(file)
    }

    /// Returns the value of a variable that the file names as the source of a secret.
    func secretVariable(_ name: String) -> String? {
        variablesAsked.insert(name)
        return environment[name]
    }

    /// Refuses keys and variables that were present and not read. Must be the last step.
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

/// Returns a key or a name for a message: shortened, on one line, and hidden if it contains a DOKU
/// secret key in place of a name.
func shownName(_ text: String) -> String {
    if text.contains("SK-") { return "(hidden)" }
    let printable = text.unicodeScalars.prefix(40).map { scalar in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : String(scalar)
    }
    return printable.joined() + (text.unicodeScalars.count > 40 ? "…" : "")
}

extension Node {
    /// Parses the text; nil if it is empty.
    fileprivate static func root(of yaml: String) throws(SettingsProblem) -> Node? {
        // Some editors write a byte order mark, which is not part of the first key.
        let hasMark = yaml.unicodeScalars.first == "\u{FEFF}"
        do {
            return try Yams.compose(
                yaml: hasMark ? String(yaml.unicodeScalars.dropFirst()) : yaml)
        } catch {
            throw problem(error)
        }
    }

    /// Converts a YAML error to one line. libyaml's texts are constant and never quote the file.
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
                message += " (indent with spaces, and put text that begins with a sign in quotes)"
            }
            return SettingsProblem(line: mark.line, path: "", message: message)
        case .duplicatedKeysInMapping(let keys, let context):
            return SettingsProblem(
                line: context.mark.line, path: shownName(keys.first ?? ""),
                message: "is given twice, the first time in this line: remove one. "
                    + "The rest of the file was not checked")
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.utf8.prefix($0).count(where: { $0 == 0x0A }) + 1 }
            return SettingsProblem(line: line, path: "", message: "is not YAML: \(problem)")
        default:
            return SettingsProblem(line: nil, path: "", message: "is not YAML")
        }
    }
}
