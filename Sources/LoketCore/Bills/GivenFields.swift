// The fields that a row of a file of bills gives, as opposed to those that it leaves out.

/// Columns that a file, or fields that an object in it, may leave out: an existing bill then keeps
/// what it has. An empty cell or a null is given, and clears the field.
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
}
