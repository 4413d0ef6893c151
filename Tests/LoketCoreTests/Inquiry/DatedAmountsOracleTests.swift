// Every answer for random bills with dates, over ten years of days and the seconds around each
// midnight in Jakarta, compared with the table that dated_amounts_oracle.py computes.

import Foundation
import LoketCore
import TestSupport
import Testing

struct DatedAmountsOracleTests {
    private static let hour: Int64 = 3_600_000
    private static let days = 3_652  // from 1 January 2026 to 31 December 2035

    /// A bill as a merchant writes it.
    private struct Written {
        var validFrom: String?
        var expiresAt: String?
        var steps: [(until: String, amount: Int64)] = []
        let last: Int64

        var line: String {
            let amounts = steps.map { "\($0.until)=\($0.amount)" } + ["\(last)"]
            return [validFrom ?? "-", expiresAt ?? "-", amounts.joined(separator: ";")]
                .joined(separator: " ")
        }

        func bill() throws -> Bill {
            try Sample.bill(
                amounts: Sample.dated(steps, last: last),
                validFrom: validFrom.map { try #require(Moment(rfc3339Beginning: $0)) },
                expiresAt: expiresAt.map(Sample.moment))
        }
    }

    /// Most texts are dates; the others name a time close to a midnight, or any time, with any
    /// offset and in any form that RFC 3339 allows.
    private static func text(_ random: inout SeededRandom) throws -> String {
        let day = Int64.random(in: -3..<Int64(days) + 3, using: &random)
        let first = try Sample.moment("2026-01-01T00:00:00+07:00")
        let midnight = first.adding(milliseconds: day * 24 * hour)
        if Int.random(in: 0..<10, using: &random) < 6 { return String(midnight.wibText.prefix(10)) }
        let near = Int64.random(in: -3...3, using: &random) * 1000
        let far = Int64.random(in: 0..<24 * hour, using: &random)
        let moment = midnight.adding(milliseconds: Bool.random(using: &random) ? near : far)
        let minutes = [0, 0, 420, 420, -330, 845, -720].randomElement(using: &random) ?? 0
        let clock = moment.adding(milliseconds: Int64(minutes) * 60_000).utcMillisecondText
        let fraction = ["", ".5", ".999", ".0009", String(clock.dropLast().suffix(4))]
            .randomElement(using: &random)
        let size = abs(minutes)
        let offset = (size / 60 < 10 ? "0" : "") + "\(size / 60):\(size % 60 < 10 ? "0" : "")"
        let zone = minutes == 0 ? "Z" : (minutes < 0 ? "-" : "+") + offset + "\(size % 60)"
        let text = clock.prefix(19) + (fraction ?? "") + zone
        return Bool.random(using: &random) ? String(text) : text.lowercased()
    }

    private static func written(_ random: inout SeededRandom) throws -> Written {
        var bill = Written(last: Int64.random(in: 1...999_999_999_999, using: &random))
        var ends: [Moment: String] = [:]
        for _ in 0..<Int.random(in: 0..<Limits.amountStepsMax, using: &random) {
            let text = try text(&random)
            ends[try Sample.moment(text)] = text
        }
        for (_, text) in ends.sorted(by: { $0.key < $1.key }) {
            bill.steps.append((text, Int64.random(in: 1...999_999_999_999, using: &random)))
        }
        if Bool.random(using: &random) { bill.validFrom = try text(&random) }
        if Bool.random(using: &random) { bill.expiresAt = try text(&random) }
        return bill
    }

    private static func moments() throws -> [Moment] {
        let first = try Sample.moment("2026-01-01T00:00:00+07:00")
        return (0..<Int64(days)).flatMap { day in
            [-2000, -1001, -1000, 0, 1000, 12 * hour].map {
                first.adding(milliseconds: day * 24 * hour + $0)
            }
        }
    }

    private enum Answer: Equatable, CustomStringConvertible {
        case amount(Int64)
        case declined(Guard)

        init(_ decision: Decision) {
            switch decision {
            case .payable(let quote): self = .amount(quote.amount.whole)
            case .declined(let reason, _): self = .declined(reason)
            }
        }

        var description: String {
            switch self {
            case .amount(let whole): "\(whole)"
            case .declined(let reason): reason.rawValue
            }
        }
    }

    /// Each moment at which the answer differs from the one before, with the answer.
    private static func answers(for bill: Bill, at moments: [Moment]) throws -> [String] {
        let (found, terms, suffix) = try (LookupResult.bill(bill), Sample.terms(), Sample.suffix())
        var texts: [String] = []
        var before: Answer?
        for now in moments {
            let answer = Answer(decide(found, under: terms, now: now, suffix: suffix))
            if answer != before {
                let clock = now.adding(milliseconds: Moment.wibSeconds * 1000).utcMillisecondText
                texts.append("\(clock.dropLast())+07:00=\(answer)")
            }
            before = answer
        }
        return texts
    }

    @Test func `Python agrees on every answer of ten years, for 200 bills`() throws {
        let wanted = ProcessInfo.processInfo.environment["LOKET_SEED"].flatMap { UInt64($0) }
        let seed = wanted ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("DatedAmountsOracleTests: LOKET_SEED=\(seed)")
        var random = SeededRandom(seed: seed)
        let bills = try (0..<200).map { _ in try Self.written(&random) }
        let python = try Program.run(
            "python3", TestFolder.file("dated_amounts_oracle.py").path,
            input: bills.map { $0.line + "\n" }.joined().utf8
        ).split(separator: "\n")
        try #require(python.count == bills.count)
        let moments = try Self.moments()
        var changes = 0
        for (bill, line) in zip(bills, python) {
            let own = try Self.answers(for: bill.bill(), at: moments)
            let answers = line.split(separator: " ").map(String.init)
            #expect(own == answers, "seed \(seed): \(bill.line)")
            changes += own.count - 1
        }
        // Otherwise the comparison would show little.
        #expect(changes > 400)
    }
}
