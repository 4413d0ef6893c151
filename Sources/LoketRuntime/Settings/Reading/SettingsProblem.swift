// What is wrong with a settings file: every fault at once, each with its line and with what to do.
// No message carries the text of a secret, and none repeats a value that was given: somebody may
// have put the secret there.

/// One fault, and where it stands.
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
