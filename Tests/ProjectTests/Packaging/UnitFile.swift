// The systemd unit that the package installs, as text.

import Foundation

struct UnitFile {
    static let path = "packaging/loket.service"

    let text: String

    init() throws { text = try Project.text(Self.path) }

    /// Returns the value of a line `key=value`; of several lines, the last.
    func value(_ key: String) throws -> String {
        let line = text.split(separator: "\n").last { $0.hasPrefix(key + "=") }
        guard let line else { throw Project.Missing(description: "\(Self.path) has no \(key)") }
        return String(line.dropFirst(key.count + 1))
    }

    /// Returns the arguments that start the service, without the command, for other settings.
    func arguments(settings: String) throws -> [String] {
        try value("ExecStart").split(separator: " ").dropFirst()
            .map { $0 == "/etc/loket/loket.yaml" ? settings : String($0) }
    }
}
