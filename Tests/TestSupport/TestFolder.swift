// Files in a test target's folder that are not part of its build.

import Foundation

package enum TestFolder {
    /// - Parameter path: The path relative to the folder of the caller's file.
    package static func file(_ path: String, here: String = #filePath) -> URL {
        URL(fileURLWithPath: here).deletingLastPathComponent().appendingPathComponent(path)
    }
}
