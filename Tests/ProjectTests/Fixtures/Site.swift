// A merchant's folder: settings made from the example, a new secret, and every process that a test
// starts in it. The folder is removed and the processes are ended when the test ends in any way.

import DokuSimulator
import Foundation
import TestSupport

final class Site {
    static let clientID = "MCH-0001-10791114622547"
    static let path = "/doku/inquiry"

    /// The folder that the merchant sees. Process output and `temporary` are outside of it.
    let folder: URL
    let temporary: URL
    let secret: String
    private let around: TemporaryFolder
    private var children: [Child] = []

    fileprivate init() throws {
        around = try TemporaryFolder()
        folder = around.url.appendingPathComponent("site")
        temporary = around.url.appendingPathComponent("tmp")
        secret = Self.newSecret()
        for url in [folder, temporary] {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
        try write("\(secret)\n", to: "secret")
        try writeSettings()
    }

    static func newSecret() -> String {
        "SK-" + UUID().uuidString.replacing("-", with: "")
    }

    var database: String { path("loket.db") }
    var key: String {
        get throws {
            try String(contentsOfFile: path("loket.db.admin-key"), encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// DOKU with the site's secret or another secret.
    func doku(secret other: String? = nil) -> Doku {
        Doku(
            clientID: Self.clientID, secret: Array((other ?? secret).utf8),
            signedTarget: Self.path)
    }

    // MARK: Files

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    /// Writes the example's settings with loopback, free ports, and further texts replaced.
    func writeSettings(
        gatewayPort: Int = 0, adminPort: Int = 0, _ edits: [(of: String, with: String)] = []
    ) throws {
        var text = try Project.text("loket.example.yaml")
        let fitting = [
            (of: "host: 0.0.0.0", with: "host: 127.0.0.1"),
            (of: "port: 8080", with: "port: \(gatewayPort)"),
            (of: "port: 8081", with: "port: \(adminPort)"),
            (of: "secrets/doku }", with: "secret }"),
        ]
        for edit in fitting + edits {
            guard let place = text.range(of: edit.of) else {
                throw Project.Missing(description: "the example no longer has `\(edit.of)`")
            }
            text.replaceSubrange(place, with: edit.with)
        }
        try write(text, to: "loket.yaml")
    }

    /// Returns the names of everything in the folder.
    func listing() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }

    // MARK: Processes

    /// Starts `loket`, or another program on the PATH, in the folder.
    func start(
        _ arguments: [String], program: String? = nil, output: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Child {
        let inherited = ProcessInfo.processInfo.environment
            .filter { ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH"].contains($0.key) }
        let own = ["TMPDIR": temporary.path, "SWIFT_BACKTRACE": "enable=no"]
        let name = output ?? around.path("output-\(children.count)")
        let child = try Child(
            program == nil ? Project.command() : URL(fileURLWithPath: "/usr/bin/env"),
            (program.map { [$0] } ?? []) + arguments, folder: folder, output: name,
            environment: inherited.merging(own) { $1 }.merging(environment) { $1 })
        children.append(child)
        return child
    }

    func run(
        _ arguments: [String], program: String? = nil, environment: [String: String] = [:]
    ) async throws -> Child.Outcome {
        try await start(arguments, program: program, environment: environment).end()
    }

    /// Runs the command on a terminal, which shows output and errors together.
    func runOnTerminal(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Child.Outcome {
        let program = """
            import os, pty, sys
            sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
            """
        return try await run(
            ["-c", program, Project.command().path] + arguments, program: "python3",
            environment: environment)
    }

    /// Runs a Python program with the database's path as its first argument.
    func python(_ program: String, _ arguments: String...) async throws -> String {
        let outcome = try await run(
            ["-c", program, database] + arguments, program: "python3")
        guard outcome.code == 0 else {
            throw Project.Missing(description: "python3: \(outcome)")
        }
        return outcome.output
    }

    func serve(environment: [String: String] = [:]) async throws -> Service {
        let child = try start(["serve", "--config", "loket.yaml"], environment: environment)
        return try await Service(child, on: self)
    }

    fileprivate func remove() {
        for child in children { child.remove() }
        around.remove()
    }
}

/// Runs the body with a site, which is removed afterwards.
func withSite(_ body: (Site) async throws -> Void) async throws {
    let site = try Site()
    defer { site.remove() }
    try await body(site)
}
