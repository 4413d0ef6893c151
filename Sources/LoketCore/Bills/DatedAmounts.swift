// The amounts of a bill by date, such as a fee that rises after the 10th of the month.

/// The amount of a bill at each moment: one amount, or steps that end at given times.
///
/// The merchant's own system computes the steps; nothing runs when a step ends. A bill of Rp150.000
/// until 10 December and Rp165.000 after it:
///
///     let amounts = try DatedAmounts(
///         [DatedAmounts.Step(amount: early, until: endOfTenth)], last: late)
///     amounts.amount(at: now)
package struct DatedAmounts: Hashable, Sendable {
    /// An amount that is valid until the moment `until`, which is not included.
    package struct Step: Hashable, Sendable {
        package let amount: Rupiah
        package let until: Moment

        package init(amount: Rupiah, until: Moment) {
            self.amount = amount
            self.until = until
        }
    }

    /// The reason why steps are rejected.
    package enum Fault: Error, Hashable, Sendable {
        case tooMany
        /// The step with this index, from 0, does not end after the step before it.
        case order(Int)
        /// The step with this index, from 0, ends at the same moment as the step before it.
        case sameTime(Int)
    }

    /// The steps that end, in ascending order; empty if the bill has one amount.
    package let steps: [Step]
    /// The amount after all steps.
    package let last: Rupiah

    /// Creates the plain form: one amount for ever.
    package init(_ amount: Rupiah) {
        (steps, last) = ([], amount)
    }

    /// Creates dated amounts.
    ///
    /// - Throws: all faults of the steps.
    package init(_ steps: [Step], last: Rupiah) throws(Faults) {
        var faults = steps.count < Limits.amountStepsMax ? [] : [Fault.tooMany]
        for (index, (step, next)) in zip(steps, steps.dropFirst()).enumerated() {
            if next.until == step.until { faults.append(.sameTime(index + 1)) }
            if next.until < step.until { faults.append(.order(index + 1)) }
        }
        guard faults.isEmpty else { throw Faults(all: faults) }
        (self.steps, self.last) = (steps, last)
    }

    package struct Faults: Error {
        package let all: [Fault]

        /// All faults as one text, such as `amount 2 ends before amount 1: …`.
        package var text: String { all.map(\.text).joined(separator: "; ") }
    }

    /// Whether the amount changes at some moment.
    package var isDated: Bool { !steps.isEmpty }

    package func amount(at now: Moment) -> Rupiah {
        steps.first { now < $0.until }?.amount ?? last
    }

    /// Returns when the amount of `now` ends, and the amount after it; nil if it does not end.
    package func change(after now: Moment) -> (at: Moment, to: Rupiah)? {
        steps.first { now < $0.until }.map { ($0.until, amount(at: $0.until)) }
    }

    /// Returns whether any step has this amount.
    package func contains(_ amount: Rupiah) -> Bool {
        last == amount || steps.contains { $0.amount == amount }
    }

    /// The text for a bill's history, such as
    /// `150000 until 2026-12-10T16:59:59Z, then 165000`.
    package var text: String {
        (steps.map { "\($0.amount) until \($0.until.exactUTCText)" } + ["\(last)"])
            .joined(separator: ", then ")
    }
}

extension DatedAmounts.Fault {
    /// The index of the faulty step, from 0; nil if the fault concerns all steps.
    package var index: Int? {
        switch self {
        case .tooMany: nil
        case .order(let index), .sameTime(let index): index
        }
    }

    package var text: String {
        switch self {
        case .tooMany: "a bill has at most \(Limits.amountStepsMax) amounts"
        case .order(let index):
            "amount \(index + 1) ends before amount \(index): order the amounts by their ends"
        case .sameTime(let index):
            "amount \(index + 1) ends at the same time as amount \(index)"
        }
    }
}

// The stored form: `milliseconds=rupiah` of each step and the last amount, joined by semicolons.

extension DatedAmounts {
    /// Nil if the bill has one amount.
    package var stored: String? {
        guard isDated else { return nil }
        return (steps.map { "\($0.until.milliseconds)=\($0.amount)" } + ["\(last)"])
            .joined(separator: ";")
    }

    /// Reads the stored form; nil for any text that `stored` does not write.
    package init?(stored text: String) {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard let last = parts.popLast().flatMap({ Int64($0) }).flatMap({ Rupiah(whole: $0) })
        else { return nil }
        var steps: [Step] = []
        for part in parts {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, let until = Int64(pair[0]),
                let amount = Int64(pair[1]).flatMap({ Rupiah(whole: $0) })
            else { return nil }
            steps.append(Step(amount: amount, until: Moment(milliseconds: until)))
        }
        guard let read = try? Self(steps, last: last), read.stored == text else { return nil }
        self = read
    }
}
