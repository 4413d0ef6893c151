// The time by which old journal rows are deleted. It is not just the wall clock: a single start
// with a clock years ahead would delete the whole journal.

package enum PruningClock {
    /// - Parameters:
    ///   - wall: the wall clock.
    ///   - last: the previous result, of any start; nil if none.
    ///   - newest: the arrival time of the newest journal row; nil if none.
    ///   - milliseconds: the maximum advance past `last`.
    /// - Returns: nil if wall clock and newest row are more than a day apart, so that one of the
    ///   two is wrong.
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
