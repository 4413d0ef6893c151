// What a difference between two clocks looks like: a time zone taken for another, or a clock that
// is wrong.

import DokuWire
import LoketCore

struct ClockReading {
    /// Our clock less the sender's.
    let skewMilliseconds: Int64
    /// Either side of now.
    let allowedSeconds: Int64

    init(skewMilliseconds: Int64, allowedSeconds: Int) {
        self.skewMilliseconds = skewMilliseconds
        self.allowedSeconds = Int64(allowedSeconds)
    }

    /// How near to a whole or half hour a difference of time zones is.
    private static let zoneToleranceMilliseconds: Int64 = 120_000
    private static let halfHour: Int64 = 1_800_000
    /// No two places on earth are further apart.
    private static let zonesApartMax: Int64 = 26 * 3_600_000

    private var size: Int64 { abs(skewMilliseconds) }
    private var isAhead: Bool { skewMilliseconds < 0 }

    /// Nil: the difference is within what is allowed.
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
                + "set-ntp true`). A request that is sent again later has to be signed anew.")
    }
}
