// `loket-bench`: measures the `loket` executable in the same folder. It is not part of a release.

import ArgumentParser
import DokuSimulator
import Foundation

@main
struct LoketBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loket-bench",
        abstract: "Measure the throughput and the latency of loket.",
        discussion: """
            Each benchmark starts the `loket` beside it on a temporary database. Build both with \
            `scripts/build --bench`. Exits 1 if an answer was wrong or a limit was passed.
            """,
        subcommands: [
            BenchInquiries.self, BenchPeers.self, BenchPayments.self, BenchWebhooks.self,
            BenchSearch.self, BenchImport.self, BenchPage.self, BenchOverload.self,
            BenchConstant.self,
        ])

    static func main() async {
        #if DEBUG
            let note =
                "note: a debug build, whose figures say little: scripts/build --bench\n"
            FileHandle.standardError.write(Data(note.utf8))
        #endif
        await main(nil)
    }
}

/// The reason why a benchmark failed.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Prints lines immediately, because rounds take long.
func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

extension Array where Element: Comparable {
    /// The upper of two middle elements; traps if empty.
    var median: Element { sorted()[count / 2] }
}

/// Runs another program to its end, in a separate thread.
///
/// - Throws: `BenchFailure` with the program's output if it does not exit with 0.
func run(_ words: [String], input: String = "") async throws {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Result { _ = try runAndWait(words, input: input) })
        }
    }
}

/// Runs another program to its end.
///
/// - Returns: What the program printed.
@discardableResult
func runAndWait(_ words: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let (standardInput, output) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: printed, as: UTF8.self)
    guard process.terminationStatus == 0 else {
        throw BenchFailure("\(words[0]) failed: \(text)")
    }
    return text
}
