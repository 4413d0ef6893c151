// A service in a separate process, started as a user starts it and stopped as a supervisor stops
// it. Its log is written to a file.

import Dispatch
import Foundation
import LoketJSON

package final class ServiceProcess {
    /// The reason why there is no service: it did not start, or its files could not be written.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package let gatewayPort: Int
    package let adminPort: Int?
    private let process: Process
    /// The service's standard input. The kernel closes it when this process ends, and the service
    /// stops.
    private let lifeline = Pipe()
    private let interruption: [any DispatchSourceSignal]
    /// The pipe for a log that is not read; else nil.
    private let unreadLog: Pipe?

    private static let pollInterval = Duration.milliseconds(10)
    private static let startPatience = Duration.seconds(60)
    /// The smallest size of a pipe.
    private static let unreadLogBytes: CInt = 4_096

    package var id: Int32 { process.processIdentifier }

    /// Starts a program and waits until its log reports that it listens.
    ///
    /// - Parameter readsLog: If false, nothing reads the log after the program listens.
    /// - Throws: `Fault` with the program's output if it does not start.
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
        // The user's variables are meant for the user's own service.
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("LOKET_")
        }
        process.standardInput = lifeline
        // The service must not inherit the writing end, because its own copy would keep the pipe
        // open.
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

    /// Sends SIGTERM and waits for the end.
    ///
    /// - Returns: The exit code.
    package func stop() -> Int32 {
        process.terminate()
        return wait()
    }

    /// Waits for the end of the process.
    package func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Implements `--until-input-ends` in the started process: stops this process when the process
    /// at the other end of the pipe has ended.
    package static func stopWhenInputEnds() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            kill(getpid(), SIGTERM)
        }
    }

    /// Makes Ctrl-C stop the service. The process that started it then ends, because it needs the
    /// service.
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
