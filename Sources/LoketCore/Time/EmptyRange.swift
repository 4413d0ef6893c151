// A range of time in which no moment is, as a person wrote it, and the range that the person
// probably meant.

/// A range from one time to an equal or earlier one. The end of a range is not part of it.
///
///     EmptyRange(from: ("2026-11-30", day), to: ("2026-11-30", day))?.meant
///     // from 2026-11-30 to 2026-12-01
package struct EmptyRange: Sendable {
    private let from: (text: String, at: Moment)
    private let to: (text: String, at: Moment)

    /// Returns nil if the range has a moment.
    package init?(from: (text: String, at: Moment), to: (text: String, at: Moment)) {
        guard from.at >= to.at else { return nil }
        (self.from, self.to) = (from, to)
    }

    private var isTurned: Bool { from.at > to.at }

    /// The range that was probably meant: with both days, if they are dates. Nil for one time.
    package var meant: (from: String, to: String)? {
        guard Self.isDate(from.text), Self.isDate(to.text) else {
            return isTurned ? (to.text, from.text) : nil
        }
        return (to.text, from.at.adding(milliseconds: Moment.dayMilliseconds).wibDate)
    }

    /// Returns what is wrong and what to write.
    ///
    /// - Parameters:
    ///   - names: the names of the two values, such as `--from` and `--to`.
    ///   - write: returns the spelling of a range, such as `--from 2026-11-30 --to 2026-12-01`.
    package func text(
        names: (from: String, to: String), write: (_ from: String, _ to: String) -> String
    ) -> String {
        let meant = meant.map { "write \(write($0.from, $0.to))" }
        if isTurned {
            return "\(names.to) (\(to.text)) is before \(names.from) (\(from.text))"
                + (meant.map { ": \($0)" } ?? "")
        }
        return "\(names.to) (\(to.text)) is the end of the range and not part of it, so no time is "
            + "between \(names.from) and \(names.to): "
            + (meant.map { "for the whole day, \($0)" } ?? "give a later \(names.to)")
    }

    private static func isDate(_ text: String) -> Bool { text.utf8.count == 10 }
}
