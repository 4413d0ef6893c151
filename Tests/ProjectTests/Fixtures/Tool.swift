// Tools of others that some tests need. scripts/test does without them; scripts/test-release installs
// them, and fails where a test was left out.

import Foundation

enum Tool {
    /// Whether the PATH has it.
    static func isThere(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
