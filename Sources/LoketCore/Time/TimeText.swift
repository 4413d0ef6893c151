// Parsing of times, in strict forms without guessing: DOKU's header timestamp, RFC 3339 (or a bare
// WIB date) in the admin API, and the two forms of a payment's date.

extension Moment {
    /// Parses DOKU's `Request-Timestamp`, exactly `YYYY-MM-DDTHH:MM:SSZ`, 20 bytes; else nil.
    package init?(dokuTimestamp text: String) {
        guard text.utf8.count == 20, text.utf8.dropFirst(10).first == UInt8(ascii: "T"),
            text.utf8.last == UInt8(ascii: "Z"), let moment = Moment(rfc3339: text)
        else { return nil }
        self = moment
    }

    /// Parses `transaction.date`: RFC 3339, or `yyyyMMddHHmmss` in WIB (inferred: the compact form
    /// is nowhere documented). Returns nil for any other text.
    package init?(dokuDate text: String) {
        guard text.utf8.count == 14, text.utf8.allSatisfy(isASCIIDigit) else {
            // A bare date would mean the end of its day, which no payment means.
            guard text.utf8.count > 10, let moment = Moment(rfc3339: text) else { return nil }
            self = moment
            return
        }
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), let month = reader.number(digits: 2),
            let day = reader.number(digits: 2), let hour = reader.number(digits: 2),
            let minute = reader.number(digits: 2), let second = reader.number(digits: 2),
            let clock = CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self.init(seconds: clock.secondsSinceEpoch - Moment.wibSeconds)
    }

    /// Parses like `init(rfc3339:)`, but a bare date means the first moment of that day in
    /// Asia/Jakarta.
    package init?(rfc3339Beginning text: String) {
        self.init(rfc3339: text.utf8.count == 10 ? text + "T00:00:00+07:00" : text)
    }

    /// Parses RFC 3339 (its §5.6: `T` and `Z` in either case, any fraction of a second, used up to
    /// the millisecond) with `Z` or an offset; the year has four digits in UTC too. A bare date
    /// means the last second of that day in Asia/Jakarta.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2)
        else { return nil }

        if reader.isAtEnd {
            guard
                let end = CivilTime(
                    year: year, month: month, day: day, hour: 23, minute: 59, second: 59)
            else { return nil }
            self.init(seconds: end.secondsSinceEpoch - Moment.wibSeconds)
            return
        }

        guard reader.skip("T") || reader.skip("t"), let hour = reader.number(digits: 2),
            reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            let clock = CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        var milliseconds: Int64 = 0
        if reader.skip(".") {
            guard let part = reader.milliseconds() else { return nil }
            milliseconds = part
        }
        guard let offset = reader.offsetSeconds(), reader.isAtEnd else { return nil }
        let seconds = clock.secondsSinceEpoch - offset
        guard (1...9999).contains(CivilTime(secondsSinceEpoch: seconds).year) else { return nil }
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }
}

private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == mark.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let byte = rest.popFirst(), isASCIIDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Reads one or more digits after the dot and uses the first three.
    mutating func milliseconds() -> Int64? {
        let digits = rest.prefix { isASCIIDigit($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        return zip(digits, [100, 10, 1]).reduce(0) { $0 + Int64($1.0 - 0x30) * $1.1 }
    }

    /// Reads `Z`, `+07:00` or `-05:30`.
    mutating func offsetSeconds() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("+") ? 1 : -1
        guard sign == 1 || skip("-"), let hours = number(digits: 2), hours <= 23, skip(":"),
            let minutes = number(digits: 2), minutes <= 59
        else { return nil }
        return sign * Int64(hours * 3600 + minutes * 60)
    }
}
