// Reads the bytes of the settings file, and its errors. A file that is missing, is a folder or is
// not text is refused in one line with what to do. SettingsReader reads the contents.

import Foundation
import LoketCore
import LoketSystem

extension Settings {
    /// The maximum size of a settings file in bytes. An account uses about 500, so 2000 fit.
    private static let fileBytesMax = 1024 * 1024

    /// Returns the settings of a file.
    ///
    /// Relative paths in the file (database, secret files) and in LOKET_DATABASE start from the
    /// file's folder, whatever the working directory.
    /// - Parameters:
    ///   - file: the path of the YAML file, as the user wrote it.
    ///   - environment: the process's variables: overrides, and secrets named in the file.
    /// - Throws: `SettingsRefused` with every problem of the file.
    package static func read(
        file: String, environment: [String: String]
    ) throws(SettingsRefused) -> Settings {
        try read(yaml: text(of: file), file: file, environment: environment)
    }

    /// - Parameter refusing: returns why a file with this owner and mode is refused, or nil.
    static func text(
        of file: String, refusing: (stat) -> String? = { _ in nil }
    ) throws(SettingsRefused) -> String {
        do throws(BoundedFile.Fault) {
            let bytes = try BoundedFile.read(file, bytesMax: fileBytesMax, refusing: refusing)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadable(reason: "the file is not UTF-8 text: save it as UTF-8")
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
            "the file does not exist: run `loket init`, or give another file with --config"
        case .folder:
            "is a folder: give a file in it, such as loket.yaml"
        case .special:
            "is a pipe or a device: give a regular file, which SIGHUP can read again"
        case .unreadable(let reason):
            "cannot be read: \(reason)"
        case .tooLarge:
            "is larger than \(fileBytesMax) bytes: give a settings file"
        }
    }
}

// The problems of a settings file, each with its line and with what to do. No message quotes a
// value of the file, because the value may be a secret in the wrong place.

/// One problem, and its place.
package struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line of the settings file, from 1; nil if the problem has no line (a key missing at the
    /// top level, an environment variable, the file as a whole).
    package let line: Int?
    /// A key such as `accounts[0].bins[1].bin`, or the name of an environment variable; empty for
    /// the whole file.
    package let path: String
    package let message: String

    package init(line: Int?, path: String, message: String) {
        self.line = line
        self.path = path
        self.message = message
    }

    /// The problem as text: `line 12: accounts[0].bins[1].bin: must be …`
    package var description: String {
        var parts: [String] = []
        if let line { parts.append("line \(line)") }
        if !path.isEmpty { parts.append(path) }
        parts.append(message)
        return parts.joined(separator: ": ")
    }
}

/// A refused settings file, with all its problems in the order of their lines.
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

    /// One line for each problem, beginning with the file's path or `environment`.
    package var description: String {
        problems.map { problem in
            let place = SettingsVariables.isOurs(problem.path) ? "environment" : file
            return "\(place): \(problem)"
        }
        .joined(separator: "\n")
    }
}
