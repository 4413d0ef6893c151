// Log lines about refused requests: by cause, at a bounded rate, each with the Request-Id, the
// address that it came from, and how many of its cause were not logged since the last line.

import DokuWire
import Logging
import LoketCore
import LoketStore
import Synchronization

final class RefusalLog: Sendable {
    private let log: Logger
    private let limits = Mutex<[String: LineLimit]>([:])

    init(_ log: Logger) {
        self.log = log
    }

    /// - Parameters:
    ///   - cause: one of a bounded number.
    ///   - text: made only where a line is due, and `source` too.
    func write(
        _ text: @autoclosure () -> String, cause: String, level: Logger.Level = .warning,
        requestID: String? = nil, source: () -> String? = { nil }, now: Moment
    ) {
        let count = limits.withLock { $0[cause, default: LineLimit()].count(at: now) }
        guard let count else { return }
        var fields: Logger.Metadata = [
            "cause": "\(cause)", "not_logged": .stringConvertible(count - 1),
        ]
        if let requestID { fields["request_id"] = "\(requestID)" }
        if let source = source() { fields["source"] = "\(source)" }
        log.log(level: level, "\(text())", metadata: fields)
    }
}

/// The header lines of a refused request that are kept: those that its signature is made and judged
/// by, and no others.
struct RefusedLines {
    let kept: [(name: String, value: String)]
    /// As it came, the first where there are two.
    let clientID: String?
    let requestID: String?

    private static let names: Set<String> = [
        "client-id", "request-id", "request-timestamp", "signature", "host", "x-forwarded-host",
    ]

    init(_ headers: some Sequence<(name: String, value: String)>) {
        kept = headers.filter { Self.names.contains($0.name.lowercased()) }
        clientID = kept.first { $0.name.lowercased() == "client-id" }?.value
        requestID = kept.first { $0.name.lowercased() == "request-id" }?.value
    }

    /// One that can be written into a log and given to a command.
    var plainRequestID: String? {
        requestID.flatMap { !$0.isEmpty && isIdentifier($0) ? $0 : nil }
    }

    var whyText: String {
        plainRequestID.map { "; `\(whyCommand($0))` explains it" } ?? ""
    }
}
