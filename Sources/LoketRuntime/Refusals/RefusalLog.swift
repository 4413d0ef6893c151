// Log lines about refused requests, at a bounded rate for each cause. A line contains the
// Request-Id, the sender's address, and the number of refusals not logged since the last line.

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

    /// Writes a line, if one is due for its cause.
    ///
    /// - Parameters:
    ///   - text: the message; evaluated only if a line is due, like `source`.
    ///   - cause: a value of a bounded set.
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

/// The header lines of a refused request that are stored: only those that affect its signature or
/// the diagnosis of the signature.
struct RefusedLines {
    let kept: [(name: String, value: String)]
    /// The Client-Id as received; the first if there are two.
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

    /// The Request-Id; nil if it is unsafe in a log line or a command.
    var plainRequestID: String? {
        requestID.flatMap { !$0.isEmpty && isIdentifier($0) ? $0 : nil }
    }

    var whyText: String {
        plainRequestID.map { "; for details, run `\(whyCommand($0))`" } ?? ""
    }
}
