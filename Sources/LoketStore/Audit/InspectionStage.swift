// How far the look at a whole database has come: it takes as long as the database is large, and
// somebody waits for it.

package enum InspectionStage: Sendable, Equatable {
    /// SQLite looks at its pages, and does not say how far it is.
    case pages
    case bills(Int64, of: Int64)
    case notifications(Int64, of: Int64)

    package typealias Watch = (InspectionStage) -> Void

    /// Rows between two words about them.
    static let step: Int64 = 10_000
}
