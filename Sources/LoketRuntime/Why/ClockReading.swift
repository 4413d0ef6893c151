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
        let distance = "\(span(milliseconds: size)) \(isAhead ? "ahead of" : "behind") this clock"
        let distanceText = "The request's time was \(distance); \(allowedSeconds) s are allowed."
        let apart = (size + Self.halfHour / 2) / Self.halfHour * Self.halfHour
        let isZone =
            abs(size - apart) <= Self.zoneToleranceMilliseconds
            && (Self.halfHour...Self.zonesApartMax).contains(apart)
        if isZone, apart == Moment.wibSeconds * 1000 {
            return SignatureDiagnosis.Finding(
                mistake: SignatureDiagnosis.Mistake.wibForUTC.rawValue,
                detail: distanceText
                    + " 7 hours are the difference between Jakarta and UTC: WIB was taken "
                    + "for UTC.",
                fix: isAhead
                    ? "On the sender's side: write the time in UTC, not Jakarta's with a Z. If "
                        + "DOKU sent it, this machine's clock is 7 hours behind: set it right."
                    : "On your side: set this machine's clock, which may show Jakarta's time as "
                        + "UTC. Else on the sender's side: do not take the 7 hours off twice.")
        }
        if isZone {
            let hours = Double(apart / Self.halfHour) / 2
            let text = hours == hours.rounded() ? String(Int(hours)) : String(hours)
            return SignatureDiagnosis.Finding(
                mistake: "clock_time_zone",
                detail: distanceText + " \(text) hours: another time zone.",
                fix: "On the side whose clock is wrong: set it by a time service, and write UTC "
                    + "with the Z.")
        }
        return SignatureDiagnosis.Finding(
            mistake: "clock_off", detail: distanceText,
            fix: "On the side whose clock is wrong: set it by a time service (`timedatectl "
                + "set-ntp true`). A request that is sent again later has to be signed again.")
    }
}
