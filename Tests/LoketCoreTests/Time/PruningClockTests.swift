// The time that pruning uses, row by row.

import LoketCore
import Testing

struct PruningClockTests {
    private static let day: Int64 = 86_400_000

    struct Row: Sendable {
        let wall: Int64
        let last: Int64?
        let newest: Int64?
        let advance: Int64
        let time: Int64?
    }

    /// All values are in days.
    private static let rows: [Row] = [
        // Nothing was ever received.
        Row(wall: 900, last: nil, newest: nil, advance: 1, time: 900),
        Row(wall: 900, last: 500, newest: nil, advance: 1, time: 500),
        // The clock is correct.
        Row(wall: 900, last: nil, newest: 900, advance: 1, time: 900),
        Row(wall: 900, last: 899, newest: 900, advance: 1, time: 900),
        Row(wall: 900, last: 899, newest: 899, advance: 1, time: 900),
        Row(wall: 901, last: 899, newest: 900, advance: 2, time: 901),
        // The clock was wrong, or the service was stopped: at most the permitted advance.
        Row(wall: 900, last: 500, newest: 900, advance: 1, time: 501),
        Row(wall: 900, last: 500, newest: 899, advance: 0, time: 500),
        // The clock is two years ahead, before and after the first inquiry of that time.
        Row(wall: 1630, last: 899, newest: 900, advance: 1, time: nil),
        Row(wall: 1630, last: nil, newest: 900, advance: 1, time: nil),
        Row(wall: 1630, last: 899, newest: 1630, advance: 1, time: 900),
        Row(wall: 902, last: 900, newest: 900, advance: 9, time: nil),
        // The clock is behind, and is corrected.
        Row(wall: 100, last: 900, newest: 900, advance: 1, time: nil),
        Row(wall: 900, last: 1630, newest: 900, advance: 1, time: 900),
    ]

    @Test(arguments: rows)
    func `the time of pruning advances no further than permitted`(_ row: Row) {
        func moment(_ days: Int64) -> Moment { Moment(milliseconds: days * Self.day) }
        let time = PruningClock.time(
            wall: moment(row.wall), last: row.last.map(moment), newest: row.newest.map(moment),
            advancing: row.advance * Self.day)
        #expect(time == row.time.map(moment), "\(row)")
    }

    @Test func `an absurd time in the newest row is refused`() {
        let newest = Moment(milliseconds: .min)
        let wall = Moment(milliseconds: .max)
        #expect(PruningClock.time(wall: wall, last: nil, newest: newest, advancing: 0) == nil)
    }
}
