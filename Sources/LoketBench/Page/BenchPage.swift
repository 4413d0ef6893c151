// `loket-bench page`: measures the counter page of a service with many bills and a long journal, and
// what browsers that watch it take from the inquiries.

import ArgumentParser
import AsyncHTTPClient
import DokuSimulator
import Foundation

struct BenchPage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "Measure the page Today, and inquiries beside browsers that watch it.",
        discussion: """
            Fills a temporary database with bills, a month of inquiries and payments of today, \
            starts the service and asks for the page and for the part of it that a browser fetches \
            every 5 seconds. Then it measures inquiries without and with watching browsers, in \
            turn. Ten million bills and thirty million inquiries want 12 GB of disk and half an hour.
            """)

    @Option(help: "Bills in the database.")
    var bills = 100_000
    @Option(help: "Inquiries in the journal.")
    var inquiries = 300_000
    @Option(help: "Seconds in which bills are paid before the page is measured.")
    var payingSeconds = 10.0
    @Option(help: "Browsers that watch the page.")
    var watchers = 10
    @Option(help: "Seconds of each round.")
    var seconds = 10.0
    @Option(help: "Rounds without and with the browsers.")
    var rounds = 5

    private static let connections = 32
    private static let pages = 21
    private static let questions = 50_000
    private static let paidMax = 200_000

    func validate() throws {
        guard bills > 1, inquiries > 0, payingSeconds > 0, watchers > 0, seconds > 0, rounds > 0
        else { throw ValidationError("no number may be 0") }
    }

    func run() async throws {
        let site = try DemoSite()
        defer { site.remove() }
        let workload = Workload(billCount: bills, bin: DemoSite.exclusiveBIN, isSingleUse: true)
        try await PageSite(site: site, workload: workload).fill(inquiries: inquiries)
        let service = try await site.serve()
        defer { _ = service.stop() }
        try await site.waitUntilQuiet(service)
        try await pay(workload, site, service)

        let browsers = PageBrowsers(service: service, key: try site.key())
        for path in ["/ui", "/ui/now", "/ui/bills", "/ui/money"] {
            let times = try await browsers.times(of: path, count: Self.pages)
            say(
                String(
                    format: "  %@ p50 %6.1f ms, longest %6.1f ms",
                    path.padding(toLength: 12, withPad: " ", startingAt: 0), times.median,
                    times.max() ?? 0))
        }
        try await compare(workload, site, service, browsers)
    }

    /// Pays bills of the first half, as many customers do today.
    private func pay(
        _ workload: Workload, _ site: DemoSite, _ service: ServiceProcess
    ) async throws {
        let shots = site.notifying.payments(
            of: (0..<bills / 2).lazy.map(workload.draft).prefix(Self.paidMax), sale: "T")
        let paid = try await LoadGenerator(
            port: service.gatewayPort, connections: Self.connections
        ).run(shots, for: .seconds(payingSeconds), keepsStatus: true)
        guard paid.wrongAnswers == 0 else {
            throw BenchFailure("\(paid.wrongAnswers) payments were not recorded")
        }
        say("paid \(min(paid.latencies.count, shots.count)) bills")
    }

    /// Measures inquiries in rounds: alone, twice beside browsers, and alone, for equal times, so that
    /// a machine that becomes slower does not look like the browsers' load. The first round is a
    /// warm-up.
    private func compare(
        _ workload: Workload, _ site: DemoSite, _ service: ServiceProcess,
        _ browsers: PageBrowsers
    ) async throws {
        let shots = site.doku.inquiries(workload.questions(Self.questions))
        let load = LoadGenerator(port: service.gatewayPort, connections: Self.connections)
        var ratios: [Double] = []
        for round in 0...rounds {
            func rate() async throws -> Double {
                try await load.run(shots, for: .seconds(seconds), keepsStatus: false).perSecond
            }
            let before = try await rate()
            let watching = Task { try await browsers.watch(watchers) }
            let beside = (try await rate() + rate()) / 2
            watching.cancel()
            let seen = try await watching.value
            guard seen > 0 else { throw BenchFailure("no browser fetched the page") }
            let alone = (before + (try await rate())) / 2
            if round > 0 { ratios.append(beside / alone) }
            say(
                String(
                    format: "  %7.0f inquiries/s alone, %7.0f/s beside %d browsers, %d refreshes",
                    alone, beside, watchers, seen))
        }
        say(
            String(
                format: "  beside the browsers over alone: %.2f (lowest %.2f, highest %.2f)",
                ratios.median, ratios.min() ?? 0, ratios.max() ?? 0))
    }
}
