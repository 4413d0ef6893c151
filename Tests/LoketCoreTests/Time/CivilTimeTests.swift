// The calendar without Foundation: the valid dates, and every day of 800 years.

import LoketCore
import TestSupport
import Testing

struct CivilTimeTests {
    private func date(_ year: Int, _ month: Int, _ day: Int) -> CivilTime? {
        CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)
    }

    @Test(arguments: [
        (2020, true), (2021, false), (2024, true), (1900, false), (2000, true), (2100, false),
        (2400, true), (1600, true), (1700, false), (4, true), (100, false), (400, true),
    ])
    func `29 February exists in leap years only`(year: Int, isLeap: Bool) {
        #expect((date(year, 2, 29) != nil) == isLeap)
        #expect(date(year, 2, 28) != nil)
        #expect(date(year, 2, 30) == nil)
    }

    @Test(arguments: zip(1...12, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]))
    func `every month ends on its last day`(month: Int, days: Int) {
        #expect(date(2021, month, 0) == nil)
        #expect(date(2021, month, 1) != nil)
        #expect(date(2021, month, days) != nil)
        #expect(date(2021, month, days + 1) == nil)
    }

    @Test(arguments: [
        [0, 1, 1, 0, 0, 0], [10_000, 1, 1, 0, 0, 0], [-1, 1, 1, 0, 0, 0],
        [2021, 0, 1, 0, 0, 0], [2021, 13, 1, 0, 0, 0], [2021, -1, 1, 0, 0, 0],
        [2021, 1, 1, 24, 0, 0], [2021, 1, 1, -1, 0, 0], [2021, 1, 1, 0, 60, 0],
        [2021, 1, 1, 0, -1, 0], [2021, 1, 1, 0, 0, 60], [2021, 1, 1, 0, 0, -1],
        [2016, 12, 31, 23, 59, 60],
    ])
    func `a time that does not exist in the calendar is refused`(parts: [Int]) {
        #expect(
            CivilTime(
                year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
                second: parts[5]) == nil)
    }

    @Test func `every day of 800 years follows the one before`() throws {
        let first = try #require(date(1600, 1, 1))
        var seconds = first.secondsSinceEpoch
        #expect(seconds == -11_676_096_000)
        for year in 1600..<2400 {
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let months = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (month, days) in zip(1..., months) {
                for day in 1...days {
                    let read = CivilTime(secondsSinceEpoch: seconds)
                    guard read.year == year, read.month == month, read.day == day,
                        read.secondsSinceEpoch == seconds
                    else {
                        Issue.record("\(seconds) is read as \(read.dateText)")
                        return
                    }
                    seconds += 86_400
                }
            }
        }
        #expect(CivilTime(secondsSinceEpoch: seconds).dateText == "2400-01-01")
    }

    @Test func `seconds and civil time convert both ways from year 1 to 9999`() throws {
        var random = SeededRandom(seed: 0xC171)
        for _ in 0..<5000 {
            let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)
            let read = CivilTime(secondsSinceEpoch: seconds)
            let again = CivilTime(
                year: read.year, month: read.month, day: read.day, hour: read.hour,
                minute: read.minute, second: read.second)
            #expect(again == read, "\(seconds)")
            #expect(read.secondsSinceEpoch == seconds)
        }
        #expect(CivilTime(secondsSinceEpoch: -62_135_596_800).dateText == "0001-01-01")
        #expect(CivilTime(secondsSinceEpoch: 253_402_300_799).dateText == "9999-12-31")
        #expect(CivilTime(secondsSinceEpoch: 253_402_300_799).timeText == "23:59:59")
    }
}
