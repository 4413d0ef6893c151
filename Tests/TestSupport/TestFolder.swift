// Files that lie beside a test target's sources and are no part of its build.

import Foundation

package enum TestFolder {
    /// - Parameter path: from the folder of the caller's file.
    package static func file(_ path: String, here: String = #filePath) -> URL {
        URL(fileURLWithPath: here).deletingLastPathComponent().appendingPathComponent(path)
    }
}
