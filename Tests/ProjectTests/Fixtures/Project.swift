// Paths: the repository from which the tests were built, and the command built with them.

import Foundation

enum Project {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The folder of Package.swift.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    /// Returns every Swift file below a folder, as paths from the root.
    static func swiftFiles(in folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: url(folder).path)
        return names.filter { $0.hasSuffix(".swift") }.sorted().map { folder + "/" + $0 }
    }

    /// The executable `loket`: the path in LOKET_COMMAND, such as a release build for the long
    /// tests, or otherwise the one built with the tests.
    static func command() throws -> URL {
        try ProcessInfo.processInfo.environment["LOKET_COMMAND"].map { URL(fileURLWithPath: $0) }
            ?? executable("loket")
    }

    /// Returns an executable in the folder of the test bundle or in a parent folder.
    static func executable(_ name: String) throws -> URL {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
                !isFolder.boolValue,
                FileManager.default.isExecutableFile(atPath: candidate.path)
            {
                return candidate
            }
        }
        throw Missing(
            description: "no executable `\(name)` beside \(CommandLine.arguments[0]) or above it; "
                + "build it first: swift build --build-tests")
    }
}
