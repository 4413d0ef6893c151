// `loket serve`: runs the service until it is told to stop.

import ArgumentParser
import Foundation
import LoketServer
import Logging

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service.",
        discussion: """
            Answers DOKU on the gateway listener and you on the admin listener, until SIGTERM. \
            The log is one JSON object per line on standard output; the bound ports are in the \
            line "listening". SIGHUP reloads accounts and secrets.
            """)

    @OptionGroup var options: ConfigOption

    func run() async throws {
        let file = options.config
        let environment = ProcessInfo.processInfo.environment
        let log = Logger(label: "loket") { _ in JSONLog() }
        do {
            let settings = try Settings.read(file: file, environment: environment)
            let service = try await LoketService(
                settings: settings, environment: environment, log: log,
                rereadSettings: { try Settings.read(file: file, environment: environment) })
            try await service.run()
        } catch {
            throw Failure(.no, "does not start:\n\(error)")
        }
    }
}

/// Where the settings are.
struct ConfigOption: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file.", valueName: "file"))
    var config = "loket.yaml"
}
