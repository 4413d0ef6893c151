// The format of dates, declared for the whole file: `03/04/2026` is April in Jakarta and March in
// New York. The reason for a refusal suggests a format, but no other format is used.

import LoketCore

package enum DateFormat: String, CaseIterable, Sendable {
    /// `2026-12-31`, or an RFC 3339 time.
    case iso
    /// Day, month, year: `31/12/2026`, `31.12.2026`, `31-12-2026`. Only dates.
    case dmy
}

extension DateFormat {
    /// Returns a day as `2026-12-31`; nil unless the cell is day, month and a year of four digits,
    /// with the same mark between them. The day may not exist.
    static func dayFirst(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        let parts = cell.split(omittingEmptySubsequences: false) { "/.-".utf8.contains($0) }
        guard parts.count == 3, (1...2).contains(parts[0].count), (1...2).contains(parts[1].count),
            parts[2].count == 4, parts.allSatisfy({ $0.allSatisfy(isASCIIDigit) }),
            cell[parts[0].endIndex] == cell[parts[1].endIndex]
        else { return nil }
        let (day, month, year) = (number(parts[0]), number(parts[1]), number(parts[2]))
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
