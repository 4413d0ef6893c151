// A service in a process of its own, started as a user starts it and stopped as a supervisor stops
// it. Its log goes to a file.

import Dispatch
import Foundation
import LoketJSON

package final class ServiceProcess {
    /// Why there is no service: it did not start, or its files could not be written.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package let gatewayPort: Int
    package let adminPort: Int?
    private let process: Process
    /// The kernel closes it when this process ends, however it ends; the service then stops too.
    private let lifeline = Pipe()
    private let interruption: [any DispatchSourceSignal]
    /// Where its log goes if nothing reads it.
    private let unreadLog: Pipe?

    private static let pollInterval = Duration.milliseconds(10)
    private static let startPatience = Duration.seconds(60)
    /// The least that a pipe may hold.
    private static let unreadLogBytes: CInt = 4_096

    package var id: Int32 { process.processIdentifier }

    /// Starts a program and waits until its log says that it listens.
    ///
    /// - Parameter readsLog: false: nothing reads its log after it listens.
    /// - Throws: `Fault` with the program's own words if it does not start.
    package init(
        _ executable: String, _ arguments: [String], folder: URL, log name: String = "serve.log",
        readsLog: Bool = true
    ) async throws {
        let logPath = folder.appendingPathComponent(name).path
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        guard let log = FileHandle(forWritingAtPath: logPath) else {
            throw Fault(description: "cannot write \(logPath)")
        }
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        // The user's variables are for the user's own service.
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("LOKET_")
        }
        process.standardInput = lifeline
        // Not inherited: an end that the service held itself would never close.
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        process.currentDirectoryURL = folder
        unreadLog = readsLog ? nil : Pipe()
        process.standardOutput = unreadLog ?? log
        process.standardError = log
        try process.run()
        interruption = Self.passOnInterruption(to: process)

        let deadline = ContinuousClock.now + Self.startPatience
        while true {
            let isRunning = process.isRunning
            if let unreadLog {
                try log.write(contentsOf: unreadLog.fileHandleForReading.availableData)
            }
            if let ports = Self.ports(inLog: logPath) {
                if let unreadLog {
                    let descriptor = unreadLog.fileHandleForReading.fileDescriptor
                    _ = fcntl(descriptor, CInt(1031), Self.unreadLogBytes)  // F_SETPIPE_SZ
                }
                (gatewayPort, adminPort) = ports
                return
            }
            guard isRunning, ContinuousClock.now < deadline else {
                process.terminate()
                let text = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
                throw Fault(description: "the service did not start:\n\(text)")
            }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    /// SIGTERM, and wait for the end.
    ///
    /// - Returns: its exit code.
    package func stop() -> Int32 {
        process.terminate()
        return wait()
    }

    /// Waits for its end, whatever ends it.
    package func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// What `--until-input-ends` does in the started process: when the process at the other end of
    /// the pipe has ended, this one stops too.
    package static func stopWhenInputEnds() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            kill(getpid(), SIGTERM)
        }
    }

    /// Ctrl-C ends the service, and then its starter, which cannot go on without it.
    private static func passOnInterruption(to process: Process) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let id = process.processIdentifier
            source.setEventHandler { kill(id, SIGTERM) }
            source.resume()
            return source
        }
    }

    private static func ports(inLog path: String) -> (Int, Int?)? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            guard let entry = try? StrictJSON(Array(line.utf8)).root,
                entry["message"]?.string == "listening",
                let gateway = entry["fields"]?["gateway_port"]?.integer.map({ Int($0) })
            else { continue }
            return (gateway, entry["fields"]?["admin_port"]?.integer.map { Int($0) })
        }
        return nil
    }
}
