// The commented example settings from the repository's root, embedded in the program. The demo
// runs with the same file that a merchant copies.

package enum ExampleSettings {
    /// The text of `loket.example.yaml`, unchanged.
    package static var text: String {
        String(decoding: PackageResources.loket_example_yaml, as: UTF8.self)
    }

    /// Returns the example with the machine's ports, paths and host. Traps if the example does not
    /// contain each replaced line exactly once.
    /// - Parameters:
    ///   - gatewayPort: the gateway's port; 0 for any free port.
    ///   - adminPort: the admin listener's port; 0 for any free port.
    ///   - database: the path of the SQLite file.
    ///   - secretFile: the path of the file with the account's secret key.
    ///   - host: the gateway's host.
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

    /// Returns a YAML text in single quotes, which have no escapes.
    package static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
