// `loket demo`: starts the real service with a new database and simulates DOKU over HTTP. It exits
// with 0 only if every answer was right and every signature verified.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Demonstrate every answer to an inquiry and every result of a payment.",
        discussion: """
            Starts the service as a separate process with a temporary database, adds bills over \
            the admin API, and sends requests over HTTP as DOKU does: inquiries of every kind, \
            then payments with every kind of problem. Prints a line for each step, and the first \
            request and its answer exactly as they were sent.
            """)

    @Flag(help: "Keep the service running afterwards, until Ctrl-C.")
    var stay = false
    @Flag(help: "Print every request and its answer exactly as they were sent.")
    var verbose = false

    func run() async throws {
        let site = try DemoSite(purpose: "demo") { database, secretFile in
            ExampleSettings.adapted(
                gatewayPort: 0, adminPort: 0, database: database, secretFile: secretFile,
                host: "127.0.0.1")
        }
        defer { site.remove() }
        let service = try await site.serve(Bundle.main.executablePath ?? "loket")
        defer { _ = service.stop() }
        try Output.print(
            "`loket serve` runs as process \(service.id); port \(service.gatewayPort) is for DOKU")
        let admin = AdminClient(
            url: "http://127.0.0.1:\(service.adminPort ?? 0)", key: try site.key())
        var walk = DemoWalk(
            site: site, gatewayPort: service.gatewayPort, admin: admin, isVerbose: verbose)
        try await walk.play()
        try Output.print(
            """

            all \(walk.scenes) answers were right, and every expected signature was verified
            all \(walk.steps) payment steps were right
            """)
        if stay {
            try Output.print(stayText(site, service))
            _ = service.wait()
        } else {
            try Output.print(next)
        }
    }

    /// The command's name as the user typed it.
    private var loket: String { shellWord(CommandLine.arguments.first ?? "loket") }

    private var next: String {
        """

        try next:
          \(loket) demo --stay           keep the service running, for your own inquiries
          \(loket) demo --verbose        print every request and answer in full
          \(loket) init shop --trial     set up your own service, without a DOKU account
        """
    }

    private func stayText(_ site: DemoSite, _ service: ServiceProcess) -> String {
        let gateway = "http://127.0.0.1:\(service.gatewayPort)"
        let admin = "--url http://127.0.0.1:\(service.adminPort ?? 0) --key-file \(site.keyPath)"
        return """

            the service runs until Ctrl-C:
              inquiry URL  \(gateway)\(DemoSite.inquiryPath)
              admin API    http://127.0.0.1:\(service.adminPort ?? 0)/admin/v1
              admin key    \(site.keyPath)
              settings     \(site.settingsPath)

            try next, in another terminal:
              \(loket) bills list \(admin)
              \(loket) simulate inquiry \(gateway)\(DemoSite.inquiryPath) \\
                --client-id \(DemoSite.clientID) --secret-file \(site.secretPath) \\
                --code \(DemoSite.exclusiveBIN)12345678
              \(loket) status \(admin)
            """
    }
}
