// An instant, and the two ways in which it is written: UTC for machines, Asia/Jakarta for people.
// The core reads no clock: every "now" is passed in.

/// Milliseconds since 1970-01-01T00:00:00Z.
package struct Moment: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        milliseconds = seconds * 1000
    }

    /// Whole seconds, rounded down.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    package func adding(milliseconds more: Int64) -> Moment {
        Moment(milliseconds: milliseconds + more)
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Seconds by which WIB (Asia/Jakarta) is ahead of UTC; it has no summer time.
    package static let wibSeconds: Int64 = 7 * 3600

    /// `2020-08-11T08:45:42Z`, as DOKU writes it; a part of a second is cut off.
    package var utcText: String {
        let clock = CivilTime(secondsSinceEpoch: seconds)
        return clock.dateText + "T" + clock.timeText + "Z"
    }

    /// The same with its milliseconds, `2020-08-11T08:45:42.125Z`.
    package var utcMillisecondText: String {
        let part = milliseconds - seconds * 1000
        let digits = String(1000 + part).dropFirst()
        return utcText.dropLast() + "." + digits + "Z"
    }

    /// The shorter one where it says everything.
    package var exactUTCText: String {
        milliseconds == seconds * 1000 ? utcText : utcMillisecondText
    }

    /// `2020-08-11T15:45:42+07:00`, for people in Jakarta.
    package var wibText: String {
        let clock = CivilTime(secondsSinceEpoch: seconds + Self.wibSeconds)
        return clock.dateText + "T" + clock.timeText + "+07:00"
    }
}

extension String {
    /// The same text with each time in UTC, such as `2020-08-11T08:45:42Z`, written in WIB.
    package var inWIB: String {
        replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) { match in
            Moment(rfc3339: String(match.output.0))?.wibText ?? String(match.output.0)
        }
    }
}
