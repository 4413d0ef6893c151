// Reads the settings file: one that is missing, is a folder or is not text is refused in one line
// with what to do. SettingsReader reads what it contains.

import Foundation
import LoketCore
import LoketSystem

extension Settings {
    /// Bytes of a settings file: an account takes some 500, so thousands of them fit.
    private static let fileBytesMax = 1024 * 1024

    /// The settings of a file, or every problem with it.
    ///
    /// Relative paths in it (database, secret files) start from the file's own folder, whatever
    /// the working directory; so does LOKET_DATABASE.
    /// - Parameters:
    ///   - file: path of the YAML file, as the user wrote it.
    ///   - environment: the process's variables: overrides, and the secrets that the file names.
    package static func read(
        file: String, environment: [String: String]
    ) throws(SettingsRefused) -> Settings {
        try read(yaml: text(of: file), file: file, environment: environment)
    }

    /// - Parameter refusing: why a file of this owner and mode is not read; nil where it is.
    static func text(
        of file: String, refusing: (stat) -> String? = { _ in nil }
    ) throws(SettingsRefused) -> String {
        do throws(BoundedFile.Fault) {
            let bytes = try BoundedFile.read(file, bytesMax: fileBytesMax, refusing: refusing)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadable(reason: "it is not UTF-8 text: save it as UTF-8")
            }
            return text
        } catch {
            let problem = SettingsProblem(line: nil, path: "", message: message(for: error))
            throw SettingsRefused(file: file, problems: [problem])
        }
    }

    private static func message(for fault: BoundedFile.Fault) -> String {
        switch fault {
        case .missing:
            "there is no such file: `loket init` writes one, or name another with --config"
        case .folder:
            "is a folder: name the file in it, such as loket.yaml"
        case .special:
            "is a pipe or a device: SIGHUP reads the settings again, so they must be in a file"
        case .unreadable(let reason):
            "cannot be read: \(reason)"
        case .tooLarge:
            "is larger than \(fileBytesMax) bytes: this is not a settings file"
        }
    }
}

// What is wrong with a settings file: every fault, each with its line and with what to do. No
// message repeats a value that was given, because it may be a secret in the wrong place.

/// One fault, and where it is.
package struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// 1-based line of the settings file; nil where the fault has none (what is missing at the top
    /// level, the environment, the file as a whole).
    package let line: Int?
    /// `accounts[0].bins[1].bin`, or the name of an environment variable, or empty for the file.
    package let path: String
    package let message: String

    package init(line: Int?, path: String, message: String) {
        self.line = line
        self.path = path
        self.message = message
    }

    /// `line 12: accounts[0].bins[1].bin: must be …`
    package var description: String {
        var parts: [String] = []
        if let line { parts.append("line \(line)") }
        if !path.isEmpty { parts.append(path) }
        parts.append(message)
        return parts.joined(separator: ": ")
    }
}

/// A settings file that was not taken, with all its problems in the order of their lines.
package struct SettingsRefused: Error, CustomStringConvertible {
    package let file: String
    package let problems: [SettingsProblem]

    package init(file: String, problems: [SettingsProblem]) {
        self.file = file
        self.problems = problems.enumerated()
            .sorted { left, right in
                let lines = (left.element.line ?? .max, right.element.line ?? .max)
                return lines.0 == lines.1 ? left.offset < right.offset : lines.0 < lines.1
            }
            .map(\.element)
    }

    /// One line per problem, each opened by the place to look at.
    package var description: String {
        problems.map { problem in
            let place = SettingsVariables.isOurs(problem.path) ? "environment" : file
            return "\(place): \(problem)"
        }
        .joined(separator: "\n")
    }
}
