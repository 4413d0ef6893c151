// The index of bills by code. The bill that holds a code comes first, then the bills that held it, in
// the order of their ids. A bill that is paid or cancelled moves within its code, on the same page.

enum CodeIndex {
    static let name = "bill_by_code"

    /// The last column, as migration m0011 has it: 0 for the bill that holds its code, otherwise the
    /// bill's id.
    static let place = "CASE WHEN state IN ('open', 'held') THEN 0 ELSE id END"

    /// The condition that a bill holds its code.
    static let isHolder = "\(place) = 0"
    /// The condition that a bill no longer holds its code.
    static let isFormer = "\(place) > 0"
}
