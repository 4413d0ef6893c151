// The dated amounts of one row: the text `2026-12-10=150000;2026-12-31=165000;175000` of the column
// `amounts`, or the numbered columns `amount_1`, `until_1`, `amount_2`, and so on.

import LoketCore

/// A numbered column of a CSV file.
struct StepColumn: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case amount, until
    }

    let kind: Kind
    /// From 1.
    let number: Int

    var name: String { "\(kind.rawValue)_\(number)" }

    /// Reads a column name as `BillColumn` does: only letters and digits count.
    init?(plain name: String) {
        guard let (kind, number) = Self.parts(name), (1...Limits.amountStepsMax).contains(number)
        else { return nil }
        (self.kind, self.number) = (kind, number)
    }

    /// Returns whether a name has the form of a numbered column, such as `amount13`.
    static func isNumbered(plain name: String) -> Bool { parts(name) != nil }

    private static func parts(_ name: String) -> (Kind, Int)? {
        guard let kind = Kind.allCases.first(where: { name.hasPrefix($0.rawValue) }) else {
            return nil
        }
        let digits = name.dropFirst(kind.rawValue.count)
        guard let number = Int(digits), "\(number)" == digits else { return nil }
        return (kind, number)
    }

    init(_ kind: Kind, _ number: Int) {
        (self.kind, self.number) = (kind, number)
    }
}

/// A fault of dated amounts, with the column that it concerns.
struct StepFault: Error {
    let column: String
    let reason: String
}

extension DatedAmounts {
    /// Reads the text of the column `amounts`; one amount alone is the plain form.
    package init(
        text: String, amounts format: AmountFormat = .plain
    ) throws(AmountsTextFault) {
        let forms = ValueForms(amounts: format)
        let read = Array(text.utf8).withUnsafeBufferPointer { bytes in
            Result { () throws(Misreading) in try AmountSteps.read(bytes, forms) }
        }
        do { self = try read.get() } catch { throw AmountsTextFault(reason: error.reason) }
    }
}

/// Why a text is not a list of dated amounts.
package struct AmountsTextFault: Error {
    package let reason: String
}

enum AmountSteps {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Reads the text of the column `amounts`; one amount alone is the plain form.
    static func read(_ cell: Bytes, _ forms: ValueForms) throws(Misreading) -> DatedAmounts {
        let parts = cell.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        var steps: [DatedAmounts.Step] = []
        var last: Rupiah?
        for (index, part) in parts.enumerated() {
            let place = "amount \(index + 1)"
            let text = part.drop { $0 == 0x20 }
            let mark = text.firstIndex(of: UInt8(ascii: "="))
            let figure = mark.map { text[($0 + 1)...] } ?? text
            let amount = try at(place) { () throws(Misreading) in
                try forms.amounts.amount(of: Bytes(rebasing: figure))
            }
            guard index < parts.count - 1 else {
                guard mark == nil else {
                    throw Misreading(
                        reason: "\(place) is the last and has no end: write the amount alone")
                }
                last = amount
                continue
            }
            guard let mark else {
                throw Misreading(reason: "\(place) needs its end before it, such as 2026-12-10=")
            }
            let until = try at(place) { () throws(Misreading) in
                try ExpiryText.moment(Bytes(rebasing: text[..<mark]), forms.dates)
            }
            steps.append(DatedAmounts.Step(amount: amount, until: until))
        }
        guard let last else { throw Misreading(reason: "is empty") }
        do { return try DatedAmounts(steps, last: last) } catch {
            throw Misreading(reason: error.text)
        }
    }

    private static func at<Value>(
        _ place: String, _ body: () throws(Misreading) -> Value
    ) throws(Misreading) -> Value {
        do { return try body() } catch { throw Misreading(reason: "\(place): \(error.reason)") }
    }

    /// Builds the amounts of the numbered columns that are not empty.
    ///
    /// - Returns: nil if all are empty.
    static func build(
        amounts: [Int: Rupiah], ends: [Int: Moment]
    ) throws(StepFault) -> DatedAmounts? {
        guard let count = (Array(amounts.keys) + Array(ends.keys)).max() else { return nil }
        var steps: [DatedAmounts.Step] = []
        for number in 1..<count {
            guard let amount = amounts[number] else { throw missing(.amount, number) }
            guard let until = ends[number] else { throw missing(.until, number) }
            steps.append(DatedAmounts.Step(amount: amount, until: until))
        }
        let end = StepColumn(.until, count).name
        guard let last = amounts[count] else {
            throw StepFault(
                column: StepColumn(.amount, count).name, reason: "is empty, but \(end) is given")
        }
        guard ends[count] == nil else {
            throw StepFault(column: end, reason: "must be empty: the last amount has no end")
        }
        do { return try DatedAmounts(steps, last: last) } catch {
            let place = error.all.compactMap(\.index).first ?? 0
            throw StepFault(column: StepColumn(.until, place + 1).name, reason: error.text)
        }
    }

    private static func missing(_ kind: StepColumn.Kind, _ number: Int) -> StepFault {
        StepFault(
            column: StepColumn(kind, number).name,
            reason: "is empty, but a later amount is given")
    }
}
