// Reading the times that people and DOKU write. Strict forms, nothing guessed: DOKU's header
// timestamp, RFC 3339 (or a bare WIB date) in the admin API, and the two forms of a payment's date.

extension Moment {
    /// Exactly `YYYY-MM-DDTHH:MM:SSZ`, 20 bytes, as DOKU's `Request-Timestamp`; else nil.
    package init?(dokuTimestamp text: String) {
        guard text.utf8.count == 20, let moment = Moment(rfc3339: text), text.utf8.last == 0x5A
        else { return nil }
        self = moment
    }

    /// `transaction.date`: RFC 3339, or `yyyyMMddHHmmss`, which is WIB (inferred: the compact form
    /// is nowhere documented). Nil for anything else.
    package init?(dokuDate text: String) {
        guard text.utf8.count == 14, text.utf8.allSatisfy(isASCIIDigit) else {
            // A bare date would say the end of its day, which no payment means.
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

    /// RFC 3339 with upper-case `T`, up to three digits of a second and `Z` or an offset.
    /// A date alone means the last second of that day in Asia/Jakarta.
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

        guard reader.skip("T"), let hour = reader.number(digits: 2), reader.skip(":"),
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
        self.init(milliseconds: (clock.secondsSinceEpoch - offset) * 1000 + milliseconds)
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

    /// One to three digits after the dot.
    mutating func milliseconds() -> Int64? {
        let digits = bytes[position...].prefix { isASCIIDigit($0) }.count
        guard (1...3).contains(digits), let value = number(digits: digits) else { return nil }
        return Int64(value) * (digits == 1 ? 100 : digits == 2 ? 10 : 1)
    }

    /// `Z`, `+07:00` or `-05:30`.
    mutating func offsetSeconds() -> Int64? {
        if skip("Z") { return 0 }
        let sign: Int64 = skip("+") ? 1 : -1
        guard sign == 1 || skip("-"), let hours = number(digits: 2), hours <= 23, skip(":"),
            let minutes = number(digits: 2), minutes <= 59
        else { return nil }
        return sign * Int64(hours * 3600 + minutes * 60)
    }
}
