// A process started by a test: its output goes to files, the test can wait for its end, and it is
// ended by its id.

import Foundation
import TestSupport

final class Child {
    /// The result of an ended process.
    struct Outcome: CustomStringConvertible {
        /// The exit code, or the negative number of the signal that ended the process.
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
    /// - output: The file for its standard output; errors go into another file next to it.
    /// - environment: All its environment variables.
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
        // Foundation never releases a process or the files passed to it. With more than 1,300 open
        // files, its next `run` reads past the end of the kernel's list.
        defer {
            try? output.close()
            try? errors.close()
        }
        try process.run()
    }

    func send(_ signal: Int32) {
        if process.isRunning { kill(id, signal) }
    }

    /// Waits for the process to end.
    func end() async throws -> Outcome {
        let deadline = "process \(id) did not end"
        try await eventually(deadline) { !process.isRunning }
        let code = process.terminationStatus
        return Outcome(
            code: process.terminationReason == .exit ? code : -code, output: output,
            errors: errors)
    }

    /// Ends the process if it still runs.
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
