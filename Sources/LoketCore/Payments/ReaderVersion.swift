// By which rules a notification's body was read. Rules change, and what was decided by the old ones
// stays decided: each delivery keeps the version, and `check` reads it again by the same.

package enum ReaderVersion: Int64, CaseIterable, Sendable {
    /// Strict JSON or nothing. A status is compared as it was sent, and any date is believed.
    case strict = 1
    /// A fault costs the field in which it is. White space around a status says nothing, and a
    /// date before `Limits.paymentDateSecondsMin` is no date.
    case tolerant = 2

    package static let current = tolerant
}
