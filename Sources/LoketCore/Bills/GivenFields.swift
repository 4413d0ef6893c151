// The set of optional fields that are present in one row of a bill file.

/// The optional columns (CSV) or object fields (NDJSON) present in a row. An existing bill retains
/// its value of an absent field. An empty cell or a null counts as present and clears the field.
package struct GivenFields: OptionSet, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static let reusable = GivenFields(rawValue: 1)
    package static let expiresAt = GivenFields(rawValue: 2)
    package static let customerEmail = GivenFields(rawValue: 4)
    package static let info = GivenFields(rawValue: 8)
    package static let metadata = GivenFields(rawValue: 16)
    package static let validFrom = GivenFields(rawValue: 32)
    package static let dueAt = GivenFields(rawValue: 64)
}
