// The unit that the package installs, as its text says it.

import Foundation

struct UnitFile {
    static let path = "packaging/loket.service"

    let text: String

    init() throws { text = try Project.text(Self.path) }

    /// The value of a line `key=value`, the last where there are several.
    func value(_ key: String) throws -> String {
        let line = text.split(separator: "\n").last { $0.hasPrefix(key + "=") }
        guard let line else { throw Project.Missing(description: "\(Self.path) has no \(key)") }
        return String(line.dropFirst(key.count + 1))
    }

    /// What starts the service, without the command's path, for settings that are elsewhere.
    func arguments(settings: String) throws -> [String] {
        try value("ExecStart").split(separator: " ").dropFirst()
            .map { $0 == "/etc/loket/loket.yaml" ? settings : String($0) }
    }
}
