// Conversion of durations to numbers and to text.

extension Duration {
    /// The duration in whole microseconds.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// Returns a duration such as `7 h 0 min 4 s`; fractions of a second are dropped.
package func span(milliseconds: Int64) -> String {
    let seconds = abs(milliseconds) / 1000
    let parts: [(Int64, String)] = [
        (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ]
    let shown = parts.drop { $0.0 == 0 }.map { "\($0.0) \($0.1)" }
    return shown.isEmpty ? "less than 1 s" : shown.joined(separator: " ")
}
