// Log lines about refused requests: by cause, at a bounded rate, each with the Request-Id, the
// address that it came from, and how many of its cause were not logged since the last line.

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
