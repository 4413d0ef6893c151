// Text that somebody else wrote, as a terminal may show it: what would steer the terminal, or
// cannot be seen, is written out. Shorter texts with strange spaces in them are ShownValue's.

extension StringProtocol {
    /// `\u{1B}` for an escape; line feeds and tabs too.
    var visible: String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                shown.append(contentsOf: "\\u{\(digits)}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
