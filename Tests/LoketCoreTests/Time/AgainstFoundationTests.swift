// Thousands of random instants, formatted and parsed by our code and by Foundation, must agree.

import Foundation
import LoketCore
import TestSupport
import Testing

struct AgainstFoundationTests {
    static let seed: UInt64 = 0x2020_0811
    /// 1600 to 9998: earlier, Foundation's calendar is Julian; later, WIB has a year 10000.
    static let span: ClosedRange<Int64> = -11_676_096_000...253_370_764_799

    private func formatter(offset: Int) -> ISO8601DateFormatter {
        let formatter = ISO8601DateFormatter()
        formatter.timeZone = TimeZone(secondsFromGMT: offset)
        return formatter
    }

    @Test func `instants are formatted as Foundation formats them`() {
        let utc = formatter(offset: 0)
        let wib = formatter(offset: 7 * 3600)
        var random = SeededRandom(seed: Self.seed)
        for _ in 0..<5000 {
            let seconds = Int64.random(in: Self.span, using: &random)
            let part = Int64.random(in: 0...999, using: &random)
            let moment = Moment(milliseconds: seconds * 1000 + part)
            let date = Date(timeIntervalSince1970: Double(seconds))
            #expect(moment.seconds == seconds)
            #expect(moment.utcText == utc.string(from: date), "\(seconds) s, seed \(Self.seed)")
            #expect(moment.wibText == wib.string(from: date), "\(seconds) s, seed \(Self.seed)")
        }
    }

    @Test func `Foundation's text of any zone is read as the same instant`() {
        var random = SeededRandom(seed: Self.seed)
        for _ in 0..<100 {
            let offset = Int.random(in: -12 * 60...14 * 60, using: &random) * 60
            let zone = formatter(offset: offset)
            for _ in 0..<30 {
                let seconds = Int64.random(in: Self.span, using: &random)
                let text = zone.string(from: Date(timeIntervalSince1970: Double(seconds)))
                #expect(Moment(rfc3339: text) == Moment(seconds: seconds), "\(text)")
            }
        }
    }

    @Test func `DOKU's timestamps are read as Foundation reads them`() throws {
        let utc = formatter(offset: 0)
        var random = SeededRandom(seed: Self.seed &+ 1)
        for _ in 0..<5000 {
            let seconds = Int64.random(in: Self.span, using: &random)
            let text = Moment(seconds: seconds).utcText
            let read = try #require(utc.date(from: text), "\(text)")
            #expect(Moment(dokuTimestamp: text) == Moment(seconds: seconds))
            #expect(read.timeIntervalSince1970 == Double(seconds), "\(text)")
        }
    }

    @Test func `civil time is Foundation's calendar in UTC`() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var random = SeededRandom(seed: Self.seed &+ 2)
        for _ in 0..<3000 {
            let seconds = Int64.random(in: Self.span, using: &random)
            let civil = CivilTime(secondsSinceEpoch: seconds)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(
                [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
                    == [
                        civil.year, civil.month, civil.day, civil.hour, civil.minute,
                        civil.second,
                    ], "\(seconds) s, seed \(Self.seed)")
        }
    }
}
