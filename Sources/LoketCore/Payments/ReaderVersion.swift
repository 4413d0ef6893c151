// The version of the rules by which a notification's body was read. New rules do not change earlier
// decisions: each delivery records its version, and `check` reads it again by that version.

package enum ReaderVersion: Int64, CaseIterable, Sendable {
    /// Strict JSON only. A status is compared without trimming, and any date is accepted.
    case strict = 1
    /// A fault affects only its field. White space around a status is ignored, and a date before
    /// `Limits.paymentDateSecondsMin` is rejected.
    case tolerant = 2

    package static let current = tolerant
}
