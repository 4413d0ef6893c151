// Calendar arithmetic without Foundation: converts seconds to a date in the proleptic Gregorian
// calendar and back. Callers add and subtract time zone offsets.

package struct CivilTime: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// Returns nil for a date or time that does not exist (30 February, 24:00, a leap second).
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Counts days from 1 March of year 0, so that the leap day is the last day of its year.
    package init(secondsSinceEpoch seconds: Int64) {
        let secondsOfDay = ((seconds % 86_400) + 86_400) % 86_400
        let daysSinceEpoch = Int((seconds - secondsOfDay) / 86_400)
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = Int(secondsOfDay / 3600)
        minute = Int(secondsOfDay / 60 % 60)
        second = Int(secondsOfDay % 60)
    }

    package var secondsSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = Int64(era * 146_097 + dayOfEra - 719_468)
        return days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    package var dateText: String {
        padded(year, to: 4) + "-" + padded(month, to: 2) + "-" + padded(day, to: 2)
    }

    package var timeText: String {
        padded(hour, to: 2) + ":" + padded(minute, to: 2) + ":" + padded(second, to: 2)
    }

    /// Returns the date and the time, `2020-08-11T08:45:42`, and the zone behind them.
    package func text(zone: StaticString) -> String {
        guard (0...9999).contains(year) else { return "\(dateText)T\(timeText)\(zone)" }
        return String(unsafeUninitializedCapacity: 19 + zone.utf8CodeUnitCount) { space in
            func write(_ number: Int, at place: Int) {
                space[place] = 0x30 + UInt8(number / 10)
                space[place + 1] = 0x30 + UInt8(number % 10)
            }
            write(year / 100, at: 0)
            write(year % 100, at: 2)
            space[4] = UInt8(ascii: "-")
            write(month, at: 5)
            space[7] = UInt8(ascii: "-")
            write(day, at: 8)
            space[10] = UInt8(ascii: "T")
            write(hour, at: 11)
            space[13] = UInt8(ascii: ":")
            write(minute, at: 14)
            space[16] = UInt8(ascii: ":")
            write(second, at: 17)
            for place in 0..<zone.utf8CodeUnitCount { space[19 + place] = zone.utf8Start[place] }
            return 19 + zone.utf8CodeUnitCount
        }
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
