// The options by which a command was led to its service, for the commands that its messages name:
// what is copied from a message reaches the same service.

import Foundation
import LoketCore
import Synchronization

enum CarriedOptions {
    private static let words = Mutex("")

    /// - Parameters: as the caller gave them; nil where they come from elsewhere, and will again.
    static func take(url: String?, keyFile: String?) {
        let options = [("--url", url), ("--key-file", keyFile)]
        let text = options.map { name, value in
            value.map { " \(name) \(shellWord($0))" } ?? ""
        }.joined()
        words.withLock { $0 = text }
    }

    /// A text, with the options in each command in backticks.
    static func added(to text: String) -> String {
        guard words.withLock({ !$0.isEmpty }) else { return text }
        return text.replacing(/`(loket [^`\n]+)`/) { "`\(added(toCommand: String($0.output.1)))`" }
    }

    /// A command, with the options if it asks a service.
    static func added(toCommand command: String) -> String {
        let words = words.withLock { $0 }
        let parts = command.split(separator: " ")
        guard parts.first == "loket", parts.count > 1, asking.contains(String(parts[1])),
            !command.hasPrefix("loket keys reset"), !command.contains(" --url ")
        else { return command }
        // What is after `--` is no option.
        guard let end = command.firstRange(of: " -- ") else { return command + words }
        return command.replacingCharacters(in: end, with: words + " -- ")
    }

    /// The commands that take AdminOptions.
    private static let asking: Set<String> = [
        "attention", "backup", "bills", "imports", "keys", "pause", "payments", "quarantine",
        "reconcile", "resume", "status", "why",
    ]
}
