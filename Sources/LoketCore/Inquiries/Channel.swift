// The two store chains that DOKU's Online to Offline reaches. The names here are those of settings
// and journal; the setting `channels` maps them to DOKU's names in requests.

package enum Channel: String, CaseIterable, Hashable, Sendable {
    /// The Alfa Group: Alfamart, Alfamidi, Alfaexpress, Lawson, Dan+Dan.
    case alfa
    /// Indomaret; supports Direct BINs only.
    case indomaret
}
