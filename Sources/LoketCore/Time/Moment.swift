// An instant and its two text forms: UTC for machines, Asia/Jakarta for people. LoketCore does not
// read the clock: every "now" is a parameter.

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
package struct Moment: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        milliseconds = seconds * 1000
    }

    /// The seconds since 1970, rounded down.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    package func adding(milliseconds more: Int64) -> Moment {
        Moment(milliseconds: milliseconds + more)
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The seconds by which WIB (Asia/Jakarta) is ahead of UTC; WIB has no daylight saving time.
    package static let wibSeconds: Int64 = 7 * 3600

    package static let dayMilliseconds: Int64 = 86_400_000

    /// The form that DOKU uses, `2020-08-11T08:45:42Z`; fractions of a second are dropped.
    package var utcText: String {
        CivilTime(secondsSinceEpoch: seconds).text(zone: "Z")
    }

    /// The UTC form with milliseconds, `2020-08-11T08:45:42.125Z`.
    package var utcMillisecondText: String {
        let part = milliseconds - seconds * 1000
        let digits = String(1000 + part).dropFirst()
        return utcText.dropLast() + "." + digits + "Z"
    }

    /// The form without milliseconds if they are zero, otherwise the form with milliseconds.
    package var exactUTCText: String {
        milliseconds == seconds * 1000 ? utcText : utcMillisecondText
    }

    /// The form for people in Jakarta, `2020-08-11T15:45:42+07:00`.
    package var wibText: String {
        CivilTime(secondsSinceEpoch: seconds + Self.wibSeconds).text(zone: "+07:00")
    }

    /// The date in Jakarta, `2020-08-11`.
    package var wibDate: String {
        CivilTime(secondsSinceEpoch: seconds + Self.wibSeconds).dateText
    }
}

extension String {
    /// The text with each UTC time, such as `2020-08-11T08:45:42Z`, converted to WIB.
    package var inWIB: String {
        replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) { match in
            Moment(rfc3339: String(match.output.0))?.wibText ?? String(match.output.0)
        }
    }
}
