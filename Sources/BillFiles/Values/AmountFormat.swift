// How a file writes amounts. It is declared by whoever sends the file and never guessed: `1.500` is
// fifteen hundred to one accountant and one and a half to another.

import LoketCore

package enum AmountFormat: String, CaseIterable, Sendable {
    /// Digits alone: `150000`.
    case plain
    /// `150.000`, `150.000,00`, `Rp150.000,00`.
    case indonesian
    /// `150,000`, `150,000.00`, `Rp150,000.00`.
    case english
}
