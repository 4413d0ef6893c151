// How often one kind of trouble is in the log: the first time, and then once a minute with the number
// of times that it was not logged. A thousand a second fill no disk that way.

import LoketCore

struct LogPace<Kind: Hashable & Sendable>: Sendable {
    private var last: [Kind: (at: ContinuousClock.Instant, unsaid: Int)] = [:]

    /// - Returns: nil where a line of this kind is less than a minute old; else how many were left
    ///   out since that line.
    mutating func take(_ kind: Kind, at now: ContinuousClock.Instant) -> Int? {
        guard let (at, unsaid) = last[kind] else {
            last[kind] = (now, 0)
            return 0
        }
        guard now - at >= .seconds(Limits.logRepeatSeconds) else {
            last[kind] = (at, unsaid + 1)
            return nil
        }
        last[kind] = (now, 0)
        return unsaid
    }
}
