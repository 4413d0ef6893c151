// A folder for one test, which is removed with its contents after the test.

import Foundation

package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("loket-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { remove() }

    package func remove() { try? FileManager.default.removeItem(at: url) }

    package func path(_ name: String) -> String { url.file(name) }
}

/// Runs `body` with a folder that exists until `body` returns.
package func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder.url)
}

/// The synchronous form of `withFolder`.
package func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try body(folder.url)
}

extension URL {
    /// The names of the files in the folder, sorted.
    package var files: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        return (names ?? []).sorted()
    }

    /// The paths of the files in the folder that this process has open, sorted.
    package var openFiles: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return all.compactMap { number in
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + number)
        }.filter { $0.hasPrefix(path + "/") }.sorted()
    }

    package func file(_ name: String) -> String { appendingPathComponent(name).path }
}
