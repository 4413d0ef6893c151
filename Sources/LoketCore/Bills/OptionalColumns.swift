// What a row of a file of bills speaks of, as against what it leaves out.

/// Columns that a file, or fields that an object of it, may leave out: it then says nothing about
/// them, and a bill that is there keeps what it has. An empty cell or a null, however, is a word.
package struct OptionalColumns: OptionSet, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static let reusable = OptionalColumns(rawValue: 1)
    package static let expiresAt = OptionalColumns(rawValue: 2)
    package static let customerEmail = OptionalColumns(rawValue: 4)
    package static let info = OptionalColumns(rawValue: 8)
    package static let metadata = OptionalColumns(rawValue: 16)
}
