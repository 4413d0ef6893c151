// A process of a test's own: its output goes to files, its end can be awaited, and it is ended by
// its id.

import Foundation
import TestSupport

final class Child {
    /// What it left behind.
    struct Outcome: CustomStringConvertible {
        /// The exit code, or the signal that ended it as a negative number.
        let code: Int32
        let output: String
        let errors: String

        var description: String { "exit \(code)\n\(output)\n\(errors)" }
    }

    private let process = Process()
    private let outputPath: String
    private let errorPath: String

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var output: String { Self.text(outputPath) }
    var errors: String { Self.text(errorPath) }

    /// - Parameters:
    ///   - output: file that takes what it prints; errors go into another beside it.
    ///   - environment: all that it gets.
    init(
        _ executable: URL, _ arguments: [String], folder: URL, output: String,
        environment: [String: String]
    ) throws {
        outputPath = output
        errorPath = output + ".errors"
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (try Self.open(outputPath), try Self.open(errorPath))
        process.standardOutput = output
        process.standardError = errors
        // Foundation never lets go of a process it ran, nor of the files it gave it; and beyond
        // 1,300 open files its next `run` reads past the end of what the kernel listed.
        defer {
            try? output.close()
            try? errors.close()
        }
        try process.run()
    }

    func send(_ signal: Int32) {
        if process.isRunning { kill(id, signal) }
    }

    /// Waits for its end.
    func end() async throws -> Outcome {
        let deadline = "process \(id) did not end"
        try await eventually(deadline) { !process.isRunning }
        let code = process.terminationStatus
        return Outcome(
            code: process.terminationReason == .exit ? code : -code, output: output,
            errors: errors)
    }

    /// Ends it now, if nobody has.
    func remove() {
        guard process.isRunning else { return }
        kill(id, SIGKILL)
        process.waitUntilExit()
    }

    private static func open(_ path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw Project.Missing(description: "cannot write \(path)")
        }
        return file
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
