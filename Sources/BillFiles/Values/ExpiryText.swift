// Parsing of a bill's expiry in a file: RFC 3339 or a date. Other date formats of people and
// spreadsheets are recognised, so that the reason for a refusal can state the required format.

import LoketCore

enum ExpiryText {
    static func moment(
        _ cell: UnsafeBufferPointer<UInt8>, _ format: DateFormat
    ) throws(Misreading) -> Moment {
        guard format == .iso else { return try dayFirst(cell, isEnd: true) }
        guard let moment = Moment(rfc3339: String(decoding: cell, as: UTF8.self)) else {
            throw Misreading(reason: reason(cell))
        }
        return moment
    }

    /// Reads the beginning of a bill's validity: a date means the beginning of that day in Jakarta.
    static func beginning(
        _ cell: UnsafeBufferPointer<UInt8>, _ format: DateFormat
    ) throws(Misreading) -> Moment {
        guard format == .iso else { return try dayFirst(cell, isEnd: false) }
        guard let moment = Moment(rfc3339Beginning: String(decoding: cell, as: UTF8.self)) else {
            throw Misreading(
                reason: reason(cell).replacing("which means the end", with: "which means the start")
            )
        }
        return moment
    }

    private static func dayFirst(
        _ cell: UnsafeBufferPointer<UInt8>, isEnd: Bool
    ) throws(Misreading) -> Moment {
        guard let day = DateFormat.dayFirst(cell) else {
            throw Misreading(
                reason: SpreadsheetDamage.certain(cell) ?? SpreadsheetDamage.spaces(cell)
                    ?? "is not day, month and a year of four digits: write 31/12/2026, which "
                    + "means the \(isEnd ? "end" : "start") of that day in Jakarta")
        }
        guard let moment = isEnd ? Moment(rfc3339: day) : Moment(rfc3339Beginning: day) else {
            throw Misreading(reason: "is a day that does not exist, read as day/month/year")
        }
        return moment
    }

    private static let right =
        "write YYYY-MM-DD, which means the end of that day in Jakarta, or an RFC 3339 time"

    private static func reason(_ cell: UnsafeBufferPointer<UInt8>) -> String {
        if let damage = SpreadsheetDamage.certain(cell) ?? SpreadsheetDamage.spaces(cell) {
            return damage
        }
        let numbers = cell.split { !isASCIIDigit($0) }.map { number($0) }
        if cell.allSatisfy({ isASCIIDigit($0) || $0 == UInt8(ascii: ".") }),
            let days = numbers.first, (20_000...80_000).contains(days), numbers.count <= 2
        {
            let day = CivilTime(secondsSinceEpoch: Int64(days - 25_569) * 86_400).dateText
            return "is a spreadsheet's day number (\(day)): format the column as a date; "
                + right
        }
        let separators = cell.filter { !isASCIIDigit($0) }
        if isYearFirst(cell) { return yearFirst(cell, numbers) }
        if numbers.count >= 3, let mark = separators.first, "/-. ".utf8.contains(mark) {
            return dayOrMonthFirst(numbers) + dayFirstHint(cell)
        }
        if numbers.count == 1, cell.count == 8 || cell.count == 14 {
            return "is a date without its hyphens: \(right)"
        }
        if separators.contains(where: { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }) {
            return "is not a date written in digits: \(right)"
        }
        return SpreadsheetDamage.ofNumber(cell) ?? "is not a date: \(right)"
    }

    private static func isYearFirst(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
        cell.prefix(while: isASCIIDigit).count == 4 && cell.count >= 8
    }

    /// Describes `2026-02-30`, `2026/12/31`, `2026-12-31 23:59:59`, `2026-12-31T23:59:59`.
    private static func yearFirst(
        _ cell: UnsafeBufferPointer<UInt8>, _ numbers: [Int]
    ) -> String {
        let hyphen = UInt8(ascii: "-")
        guard cell.count >= 10, cell[4] == hyphen, cell[7] == hyphen, numbers.count >= 3 else {
            return "is a date in another form: \(right)"
        }
        guard
            CivilTime(
                year: numbers[0], month: numbers[1], day: numbers[2], hour: 0, minute: 0,
                second: 0) != nil
        else { return "is a day that does not exist" }
        return cell.count == 10
            ? "is not a date: \(right)"
            : "is a time without the T, the seconds or the offset from UTC: "
                + "write 2026-12-31T23:59:59+07:00, for example, or only the date"
    }

    /// Describes `31/12/2026`, `12-31-2026`, `31.12.26`.
    private static func dayOrMonthFirst(_ numbers: [Int]) -> String {
        let (first, second) = (numbers[0], numbers[1])
        let year = numbers[2] < 100 ? numbers[2] + 2000 : numbers[2]
        func date(_ month: Int, _ day: Int) -> String? {
            CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0)?.dateText
        }
        let order: String
        switch (date(second, first), date(first, second)) {
        case (let day?, nil): order = "day/month/year (\(day))"
        case (nil, let day?): order = "month/day/year (\(day))"
        case (let day?, let other?) where first != second:
            order = "ambiguous: \(day) as day/month/year, \(other) as month/day/year"
        default: order = "a date with the year last"
        }
        return "is \(order): \(right)"
    }

    private static func dayFirstHint(_ cell: UnsafeBufferPointer<UInt8>) -> String {
        guard let day = DateFormat.dayFirst(cell), Moment(rfc3339: day) != nil else { return "" }
        return "; date_format=dmy reads it as \(day): set this option if it fits all dates in the "
            + "file"
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        digits.prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
