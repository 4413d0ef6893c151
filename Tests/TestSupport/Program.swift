// Other programs on the PATH that the tests use: Python, SQLite's shell, sha256sum, mount.

import Foundation

package enum Program {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Returns whether the program is on the PATH.
    package static func isThere(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    /// Runs a program and returns its standard output.
    ///
    /// - Throws: `Failed` if the program does not exit with 0 (127: not installed).
    @discardableResult
    package static func run(
        _ words: String..., input: some Sequence<UInt8> = [], in place: URL? = nil
    ) throws -> String {
        try withFolder { folder in
            let (given, errors) = (folder.file("input"), folder.file("errors"))
            try Data(input).write(to: URL(fileURLWithPath: given))
            try Data().write(to: URL(fileURLWithPath: errors))
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = place
            process.standardInput = FileHandle(forReadingAtPath: given)
            process.standardOutput = output
            process.standardError = FileHandle(forWritingAtPath: errors)
            try process.run()
            let written = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let text = String(decoding: written, as: UTF8.self)
            guard process.terminationStatus == 0 else {
                let said = try String(contentsOfFile: errors, encoding: .utf8)
                throw Failed(
                    description: "\(words) ended with \(process.terminationStatus): \(text)\(said)")
            }
            return text
        }
    }
}
