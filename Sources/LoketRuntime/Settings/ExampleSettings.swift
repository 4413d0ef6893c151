// The commented example of the repository's root, embedded in the binary: what a merchant copies
// is what the demo runs on.

package enum ExampleSettings {
    /// `loket.example.yaml`, byte for byte.
    package static var text: String {
        String(decoding: PackageResources.loket_example_yaml, as: UTF8.self)
    }

    /// The example with the lines replaced that depend on the machine. Traps where the example no
    /// longer has one of them.
    /// - Parameters:
    ///   - gatewayPort: 0 for any free one; so too `adminPort`.
    ///   - database: path of the SQLite file.
    ///   - secretFile: path of the file that holds the account's secret key.
    ///   - host: what the gateway listens on.
    package static func adapted(
        gatewayPort: Int, adminPort: Int, database: String, secretFile: String, host: String
    ) -> String {
        let replacements = [
            ("  host: 0.0.0.0", "  host: \(quoted(host))"),
            ("  port: 8080", "  port: \(gatewayPort)"),
            ("  port: 8081", "  port: \(adminPort)"),
            ("database: loket.db", "database: \(quoted(database))"),
            ("      - { file: secrets/doku }", "      - { file: \(quoted(secretFile)) }"),
        ]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (line, replacement) in replacements {
            let places = lines.indices.filter { lines[$0] == line }
            precondition(
                places.count == 1,
                "loket.example.yaml must hold the line `\(line)` once, not \(places.count) times")
            lines[places[0]] = replacement
        }
        return lines.joined(separator: "\n")
    }

    /// A YAML text in single quotes: nothing in it is an escape.
    package static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
