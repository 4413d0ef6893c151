// `loket serve`: runs the service until a signal stops it.

import ArgumentParser
import DokuSimulator
import Foundation
import Logging
import LoketRuntime
import LoketServer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service.",
        discussion: """
            Answers DOKU on the gateway listener, and the admin API on the admin listener, until \
            SIGTERM. Starts only if the first checks of `loket check` find no problem. The log is \
            one JSON object per line on standard output; its line "listening" has the port \
            numbers. A terminal shows a banner and lines of text instead. SIGHUP reloads accounts, \
            secrets and the admin listener's hosts; the log then lists what changed and what \
            needs a restart.
            """)

    @OptionGroup var options: ConfigOption
    @Flag(help: ArgumentHelp("Stop when standard input ends.", visibility: .hidden))
    var untilInputEnds = false

    func run() async throws {
        // A SIGHUP that arrives before the service can reload must not end the process.
        signal(SIGHUP, SIG_IGN)
        if untilInputEnds { ServiceProcess.stopWhenInputEnds() }
        let file = options.file
        let environment = ProcessInfo.processInfo.environment
        let lines = LogQueue()
        defer { lines.close() }
        var screen: ServeScreen?
        defer { screen?.end() }
        do {
            let settings = try Settings.read(file: file, environment: environment)
            try ServiceOwner.refuseRoot(of: settings.database, command: "loket serve")
            if isatty(STDOUT_FILENO) == 1 {
                screen = ServeScreen(lines, banner: ServeBanner(settings: settings, file: file))
            }
            let log = Logger(label: "loket") { [screen] _ -> any LogHandler in
                if let screen { TerminalLog(on: screen) } else { JSONLog(to: lines) }
            }
            let service = try await LoketService(
                settings: settings, build: .own, environment: environment, log: log,
                logQueue: lines,
                rereadSettings: { try Settings.read(file: file, environment: environment) })
            try await service.run()
        } catch {
            throw Failure(.no, "the service does not start:\n\(error)")
        }
    }
}
