// What standard output is: a terminal, on which lists have headers, aligned columns and colour, or
// a pipe or a file, which gets plain text for other programs.

import Foundation

enum Screen {
    /// Whether standard output is a terminal.
    static let isThere = isatty(STDOUT_FILENO) == 1

    /// Whether standard output may have colour: it is a terminal that can show it, and NO_COLOR
    /// (no-color.org) is not set.
    static let hasColour = shows(
        colour: isThere, environment: ProcessInfo.processInfo.environment)

    /// - Parameter isTerminal: Whether the output is a terminal.
    static func shows(colour isTerminal: Bool, environment: [String: String]) -> Bool {
        isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}

/// A colour of text, as the code that ECMA-48 gives it.
enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33

    func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
