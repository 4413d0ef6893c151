// A log that keeps its lines, for tests of what was logged.

import Logging
import Synchronization

final class LogLines: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let fields: Logger.Metadata

        func text(_ field: String) -> String? { fields[field].map { "\($0)" } }
    }

    private let kept = Mutex<[Line]>([])

    var lines: [Line] { kept.withLock { $0 } }
    var all: [String] { lines.map { "\($0.level) \($0.message) \($0.fields)" } }
    var text: String { all.joined(separator: "\n") }

    /// Lines with this message.
    func lines(_ message: String) -> [Line] { lines.filter { $0.message == message } }

    /// Ids of the applied imports.
    var importsApplied: [String] { lines("import applied").compactMap { $0.text("import") } }

    private func append(_ line: Line) {
        kept.withLock { $0.append(line) }
    }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.append(
                Line(
                    level: event.level, message: event.message.description,
                    fields: metadata.merging(event.metadata ?? [:]) { $1 }))
        }
    }
}
