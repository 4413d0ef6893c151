// Limits the log lines about frequent events: at most one line per minute, and after ten lines one
// in twenty minutes. Each line contains the number of events since the last line.

import LoketCore

package struct LineLimit: Sendable {
    private var lines = Double(Limits.floodLinesBurst)
    private var filledAt: Moment?
    private var lastAt: Moment?
    private var unsaid = 0

    package init() {}

    /// Counts an event.
    ///
    /// - Returns: the number of events since the last line, including this one; nil if no line is
    ///   due.
    package mutating func count(at now: Moment) -> Int? {
        unsaid += 1
        if let filledAt, now > filledAt {
            let seconds = Double(now.milliseconds - filledAt.milliseconds) / 1000
            lines = min(
                lines + seconds / Double(Limits.floodLinesApartSeconds),
                Double(Limits.floodLinesBurst))
        }
        filledAt = now
        // `abs`, because the wall clock may have been set back.
        let isSoon = lastAt.map {
            abs(now.milliseconds - $0.milliseconds) < Limits.floodLineSeconds * 1000
        }
        guard isSoon != true, lines >= 1 else { return nil }
        lines -= 1
        lastAt = now
        defer { unsaid = 0 }
        return unsaid
    }
}
