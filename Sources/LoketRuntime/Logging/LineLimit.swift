// How often a log line is written about something that comes in floods: at most one a minute, ten of
// them, and then one in twenty minutes. A line counts those since the last one.

import LoketCore

package struct LineLimit: Sendable {
    private var lines = Double(Limits.floodLinesBurst)
    private var filledAt: Moment?
    private var lastAt: Moment?
    private var unsaid = 0

    package init() {}

    /// Counts one.
    ///
    /// - Returns: how many there were since the last line, this one included; nil: no line is due.
    package mutating func count(at now: Moment) -> Int? {
        unsaid += 1
        if let filledAt, now > filledAt {
            let seconds = Double(now.milliseconds - filledAt.milliseconds) / 1000
            lines = min(
                lines + seconds / Double(Limits.floodLinesApartSeconds),
                Double(Limits.floodLinesBurst))
        }
        filledAt = now
        // The wall clock may have been set back.
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
