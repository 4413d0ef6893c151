// Parsing of times, in strict forms without guessing: DOKU's header timestamp, RFC 3339 (or a bare
// WIB date) in the admin API, and the two forms of a payment's date.

extension Moment {
    /// Parses DOKU's `Request-Timestamp`, exactly `YYYY-MM-DDTHH:MM:SSZ`, 20 bytes; else nil.
    package init?(dokuTimestamp text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[10] == 0x54, bytes[19] == 0x5A,
            let moment = Moment(rfc3339: text)
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
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == mark.value else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<(position + digits)] {
            guard isASCIIDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += digits
        return value
    }

    /// Reads one or more digits after the dot and uses the first three.
    mutating func milliseconds() -> Int64? {
        let digits = bytes[position...].prefix { isASCIIDigit($0) }
        guard !digits.isEmpty else { return nil }
        position = digits.endIndex
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
