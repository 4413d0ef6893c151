// Instants that only the service knows exactly. Outside the service, only the earliest and the
// latest possible instant are known.

import LoketCore

extension Auditor {
    package struct Span: Sendable, Hashable {
        package let earliest: Moment
        package let latest: Moment

        package init(_ earliest: Moment, _ latest: Moment) {
            precondition(earliest <= latest, "a span does not run backwards")
            self.earliest = earliest
            self.latest = latest
        }

        /// Creates a span from an instant that is known exactly.
        package init(_ instant: Moment) {
            self.init(instant, instant)
        }

        func adding(milliseconds: Int64) -> Span {
            Span(
                earliest.adding(milliseconds: milliseconds),
                latest.adding(milliseconds: milliseconds))
        }

        /// Returns nil if the spans overlap.
        func isLater(than other: Span) -> Bool? {
            if earliest > other.latest { return true }
            return latest <= other.earliest ? false : nil
        }
    }

    /// The end of each kind of span at which its instant is assumed. Trying all of them produces
    /// every possible outcome.
    struct Lean {
        private let isEarly: (edit: Bool, replacement: Bool, date: Bool)

        static let all = [true, false].flatMap { edit in
            [true, false].flatMap { replacement in
                [true, false].map { Lean(isEarly: (edit, replacement, $0)) }
            }
        }

        func edit(_ span: Span) -> Moment { isEarly.edit ? span.earliest : span.latest }

        func replacement(_ span: Span) -> Moment {
            isEarly.replacement ? span.earliest : span.latest
        }

        /// The instant to assume for a payment that has no date.
        func date(_ span: Span) -> Moment { isEarly.date ? span.earliest : span.latest }
    }

    /// The time limits in docs/using.md, in milliseconds.
    enum Bounds {
        static let carriedBefore: Int64 = 24 * 3600 * 1000
        static let carriedAfter: Int64 = 60 * 1000
        static let lateAfter: Int64 = 15 * 60 * 1000
        static let heldByCodeWithin: Int64 = 72 * 3600 * 1000
        static let samePaymentWithin: Int64 = 24 * 3600 * 1000
    }
}
