// Another server that answers inquiries, in a process of its own: `Benchmarks/NAME/run`.

import DokuSimulator
import Foundation
import NIOCore
import NIOPosix

final class PeerProcess {
    let name: String
    let port: Int
    private let process: Process
    /// The standard input of the process that started the server. It ends the server when the pipe
    /// is closed, which the kernel does when this process ends.
    private let lifeline: Pipe

    private static let pollInterval = Duration.milliseconds(20)
    private static let startPatience = Duration.seconds(60)
    private static let stopPatience = Duration.seconds(5)
    /// The time in which the process of the server itself is made.
    private static let forkPatience = Duration.seconds(2)
    /// Starts its arguments, and ends its process group at the end of the standard input. Foundation
    /// gives each process a group of its own, and may block the signals that a server could handle.
    private static let keeper = #""$@" </dev/null & read -r _; kill -9 0"#

    /// Starts the server on one core and waits until it listens.
    ///
    /// - Parameter folder: The parent of the folder in which the server runs.
    init(_ name: String, in peers: URL, site: DemoSite, core: Int) async throws {
        self.name = name
        let folder = site.folder.appendingPathComponent("peer-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let logPath = folder.appendingPathComponent("log").path
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        guard let log = FileHandle(forWritingAtPath: logPath) else {
            throw BenchFailure("cannot write \(logPath)")
        }
        let run = peers.appendingPathComponent("\(name)/run").path
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-c", "\(core)", "/bin/sh", "-c", Self.keeper, name, run]
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(
            [
                "PORT": "0", "DATABASE": site.databasePath, "CLIENT_ID": DemoSite.clientID,
                "SECRET_FILE": site.secretPath, "INQUIRY_PATH": DemoSite.inquiryPath,
            ], uniquingKeysWith: { $1 })
        lifeline = Pipe()
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        process.standardInput = lifeline
        process.standardOutput = log
        process.standardError = log
        try process.run()
        do {
            port = try await Self.port(inLog: logPath, of: process)
        } catch {
            try? lifeline.fileHandleForWriting.close()
            throw error
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func stop() {
        try? lifeline.fileHandleForWriting.close()
        let deadline = ContinuousClock.now + Self.stopPatience
        while process.isRunning, ContinuousClock.now < deadline { usleep(10_000) }
    }

    /// The user and system time in seconds of the server and all processes that it started.
    var cpuSeconds: Double {
        Self.descendants(of: process.processIdentifier)
            .reduce(0) { $0 + ServiceProcess.cpuSeconds(inStat: "/proc/\($1)/stat") }
    }

    private static func descendants(of root: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [Int32: [Int32]] = [:]
        for id in names.compactMap({ Int32($0) }) {
            guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let fields = stat.split(separator: ")").last?.split(separator: " "),
                fields.count > 1, let parent = Int32(fields[1])
            else { continue }
            children[parent, default: []].append(id)
        }
        var found = [root]
        var next = 0
        while next < found.count {
            found += children[found[next]] ?? []
            next += 1
        }
        return found
    }

    /// Waits for the line `listening PORT`, and until that port accepts a connection.
    private static func port(inLog path: String, of process: Process) async throws -> Int {
        let began = ContinuousClock.now
        while ContinuousClock.now < began + startPatience {
            let hasServer = descendants(of: process.processIdentifier).count > 1
            guard hasServer || ContinuousClock.now < began + forkPatience else { break }
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
                let words = line.split(separator: " ")
                if words.count == 2, words[0] == "listening", let port = Int(words[1]),
                    await isListening(port)
                {
                    return port
                }
            }
            try await Task.sleep(for: pollInterval)
        }
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        throw BenchFailure("the server did not start:\n\(text)")
    }

    private static func isListening(_ port: Int) async -> Bool {
        let channel = try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port).get()
        try? await channel?.close()
        return channel != nil
    }
}

/// A server under measurement: loket, or a peer.
enum PeerTarget {
    case loket(ServiceProcess)
    case peer(PeerProcess)

    static let loketName = "loket"

    var name: String {
        switch self {
        case .loket: Self.loketName
        case .peer(let peer): peer.name
        }
    }

    var port: Int {
        switch self {
        case .loket(let service): service.gatewayPort
        case .peer(let peer): peer.port
        }
    }

    var cpuSeconds: Double {
        switch self {
        case .loket(let service): service.cpuSeconds
        case .peer(let peer): peer.cpuSeconds
        }
    }

    /// Whether the server answers inquiries; nginx answers a constant.
    var isAnswering: Bool { name != "nginx" }

    func stop() {
        switch self {
        case .loket(let service): _ = service.stop()
        case .peer(let peer): peer.stop()
        }
    }
}
