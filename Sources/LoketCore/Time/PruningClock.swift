// The time by which the journal's old rows are deleted. It is not the wall clock alone: one start
// with a clock years ahead would delete the whole journal.

package enum PruningClock {
    /// - Parameters:
    ///   - wall: the wall clock.
    ///   - last: what this returned before, at whatever start; nil: never.
    ///   - newest: when the newest row of the journal was received; nil: there is none.
    ///   - milliseconds: how far it may move past `last`.
    /// - Returns: nil where the wall clock is more than a day from the newest row, and so one of
    ///   them is wrong.
    package static func time(
        wall: Moment, last: Moment?, newest: Moment?, advancing milliseconds: Int64
    ) -> Moment? {
        guard let newest else { return last.map { min(wall, $0) } ?? wall }
        let distance = wall.milliseconds.subtractingReportingOverflow(newest.milliseconds)
        guard !distance.overflow,
            distance.partialValue.magnitude <= Limits.pruningClockMilliseconds.magnitude
        else { return nil }
        return min(wall, min(wall, last ?? newest).adding(milliseconds: milliseconds))
    }
}
