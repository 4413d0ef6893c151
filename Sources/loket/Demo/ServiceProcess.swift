// A service in its own process, started by the demo and the benchmark the way a user starts it.
// Its log goes to a file; it is stopped as its supervisor would stop it.

import Dispatch
import Foundation
import LoketJSON

final class ServiceProcess {
    let gatewayPort: Int
    let adminPort: Int?
    let logPath: String
    private let process: Process
    /// Closed by the kernel when this process ends, however it ends; the service then stops too.
    private let lifeline = Pipe()
    private let interruption: [any DispatchSourceSignal]
    /// Where its log goes if it is not read on.
    private let unreadLog: Pipe?

    private static let pollInterval = Duration.milliseconds(10)
    private static let startPatience = Duration.seconds(60)
    /// The least that a pipe may hold.
    private static let unreadLogBytes: CInt = 4_096

    var id: Int32 { process.processIdentifier }

    /// Starts this same executable and waits until it listens.
    ///
    /// - Parameter readsLog: false: nothing reads its log after it listens.
    /// - Throws: `Failure` with the service's own words if it does not start.
    init(
        arguments: [String], folder: URL, log name: String = "serve.log", readsLog: Bool = true
    ) async throws {
        logPath = folder.appendingPathComponent(name).path
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        guard let log = FileHandle(forWritingAtPath: logPath),
            let executable = Bundle.main.executablePath
        else { throw Failure(.no, "cannot write \(logPath)") }
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        // What the user has set for a service of his own is not meant for this one.
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("LOKET_")
        }
        process.standardInput = lifeline
        // Ours alone: an end that the service held itself would never close.
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
                throw Failure(.no, "the service did not start:\n\(text)")
            }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    /// SIGTERM, and wait for the end.
    ///
    /// - Returns: its exit code.
    func stop() -> Int32 {
        process.terminate()
        return wait()
    }

    /// Waits for its end, whatever ends it.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// User and system seconds so far.
    var cpuSeconds: Double {
        let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        return stat.map(Self.cpuSeconds) ?? 0
    }

    /// - Parameter stat: what /proc tells of a process or a thread.
    static func cpuSeconds(inStat stat: String) -> Double {
        guard let fields = stat.split(separator: ")").last?.split(separator: " "),
            fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Ctrl-C ends the service too, and then, with nobody to talk to, whoever started it.
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

/// A folder for one run, readable by its owner only.
func makeTemporaryFolder(_ purpose: String, in parent: URL? = nil) throws -> URL {
    let folder = (parent ?? FileManager.default.temporaryDirectory)
        .appendingPathComponent("loket-\(purpose)-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    return folder
}
