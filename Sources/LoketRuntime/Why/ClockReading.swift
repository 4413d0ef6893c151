// Explains a difference between two clocks: a confused time zone, or a wrong clock.

import DokuWire
import LoketCore

struct ClockReading {
    /// The time of this clock minus the time of the sender's clock.
    let skewMilliseconds: Int64
    /// The allowed difference in either direction, in seconds.
    let allowedSeconds: Int64

    init(skewMilliseconds: Int64, allowedSeconds: Int) {
        self.skewMilliseconds = skewMilliseconds
        self.allowedSeconds = Int64(allowedSeconds)
    }

    /// The maximum distance from a whole or half hour for a difference of time zones.
    private static let zoneToleranceMilliseconds: Int64 = 120_000
    private static let halfHour: Int64 = 1_800_000
    /// The largest difference between two time zones on earth: 26 hours.
    private static let zonesApartMax: Int64 = 26 * 3_600_000

    private var size: Int64 { abs(skewMilliseconds) }
    private var isAhead: Bool { skewMilliseconds < 0 }

    /// The explanation; nil if the difference is allowed.
    var finding: SignatureDiagnosis.Finding? {
        guard size > allowedSeconds * 1000 else { return nil }
        let distance =
            "\(span(milliseconds: size)) \(isAhead ? "ahead of" : "behind") this machine's clock"
        let distanceText =
            "The request's timestamp was \(distance); \(allowedSeconds) s are allowed."
        let apart = (size + Self.halfHour / 2) / Self.halfHour * Self.halfHour
        let isZone =
            abs(size - apart) <= Self.zoneToleranceMilliseconds
            && (Self.halfHour...Self.zonesApartMax).contains(apart)
        if isZone, apart == Moment.wibSeconds * 1000 {
            return SignatureDiagnosis.Finding(
                mistake: SignatureDiagnosis.Mistake.wibForUTC.rawValue,
                detail: distanceText
                    + " 7 hours is the difference between Jakarta time (WIB) and UTC: one was "
                    + "probably written as the other.",
                fix: isAhead
                    ? "The sender must write the time in UTC, not Jakarta time with a Z. If DOKU "
                        + "sent the request, this machine's clock is 7 hours behind: correct it."
                    : "Correct this machine's clock, which may show Jakarta time as UTC. If the "
                        + "clock is right, the sender must subtract the 7 hours only once.")
        }
        if isZone {
            let hours = Double(apart / Self.halfHour) / 2
            let text = hours == hours.rounded() ? String(Int(hours)) : String(hours)
            return SignatureDiagnosis.Finding(
                mistake: "clock_time_zone",
                detail: distanceText + " \(text) hours: a wrong time zone.",
                fix: "Correct the clock that is wrong: set it by a time service. Write the "
                    + "timestamp in UTC, with a Z.")
        }
        return SignatureDiagnosis.Finding(
            mistake: "clock_off", detail: distanceText,
            fix: "Correct the clock that is wrong: set it by a time service (`timedatectl "
                + "set-ntp true`). A request that is sent again later must be signed again.")
    }
}
