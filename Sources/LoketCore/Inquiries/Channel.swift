// The two counters that DOKU's Online to Offline reaches. How DOKU spells them on the wire is a
// setting (`channels`); these are our own names, as settings and journal write them.

package enum Channel: String, CaseIterable, Hashable, Sendable {
    /// Alfa Group: Alfamart, Alfamidi, Alfaexpress, Lawson, Dan+Dan.
    case alfa
    /// Indomaret; on Direct BINs only.
    case indomaret
}
