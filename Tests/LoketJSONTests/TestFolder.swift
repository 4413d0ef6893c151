// Files that lie beside this target's sources and are no part of its build.

import Foundation

enum TestFolder {
    static func file(_ path: String, here: String = #filePath) -> URL {
        URL(fileURLWithPath: here).deletingLastPathComponent().appendingPathComponent(path)
    }
}
