// Where things are: the repository that this was built from, and the command that was built with
// it.

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

    /// Every Swift file below a folder, as paths from the root.
    static func swiftFiles(in folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: url(folder).path)
        return names.filter { $0.hasSuffix(".swift") }.sorted().map { folder + "/" + $0 }
    }

    /// The executable `loket`: the one that LOKET_COMMAND names, such as a release build for the
    /// long tests, else the one that was built with the tests.
    static func command() throws -> URL {
        try ProcessInfo.processInfo.environment["LOKET_COMMAND"].map { URL(fileURLWithPath: $0) }
            ?? executable("loket")
    }

    /// An executable beside the test bundle or in a folder above it.
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
