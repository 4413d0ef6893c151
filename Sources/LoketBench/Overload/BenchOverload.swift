// `loket-bench overload`: measures the effect on customers, who send inquiries at a steady rate, of
// a flood and of twice the inquiries that the service can answer.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime

struct BenchOverload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overload",
        abstract: "Measure what customers notice of floods and of too many inquiries.",
        discussion: """
            For each flood a service of its own: inquiries and notifications at a steady pace, \
            without the flood, beside it and after it. The floods come from 127.0.0.2: silent \
            connections, unsigned bodies, clients that do not read, pipelined inquiries. Then a \
            log that nobody reads, a full disk (a small one in memory, which only root may \
            mount), and twice the inquiries that the service can answer.
            """)

    @Option(help: "Seconds of each flood.")
    var seconds = 60
    @Option(help: "Inquiries in a second beside it.")
    var pace = 300.0
    @Option(help: "Connections of a flood, as a share of its full size.")
    var share = 1.0
    @Option(help: "A flood to measure; may be given again. Default: all of them.")
    var flood: [FloodKind] = FloodKind.allCases

    /// The limit of open files, because a flood needs more than a shell allows by default.
    private static let openFiles = 65_536
    private static let diskMiB = 512

    enum FloodKind: String, CaseIterable, ExpressibleByArgument {
        case silent, bodies, unread, pipelined
        /// The service's log is written to a pipe that nothing reads.
        case log
        /// The database is on a file system that another program fills.
        case disk
        /// Twice the inquiries that the service can answer.
        case twice
    }

    func validate() throws {
        guard seconds > 0, pace > 0, share > 0, share <= 1 else {
            throw ValidationError("seconds and pace must be above 0, share from 0 to 1")
        }
    }

    func run() async throws {
        raiseOpenFilesLimit(to: Self.openFiles)
        var problems: [String] = []
        for kind in flood {
            let disk = kind == .disk ? try SmallDisk(mebibytes: Self.diskMiB) : nil
            defer { disk?.remove() }
            let site = try OverloadSite(in: disk?.folder)
            defer { site.remove() }
            problems +=
                kind == .twice
                ? try await OverloadTwice(site: site, seconds: seconds).measure()
                : try await OverloadFlood(
                    kind: kind, site: site, disk: disk, seconds: seconds, pace: pace, share: share
                ).measure()
        }
        guard problems.isEmpty else { throw BenchFailure(problems.joined(separator: "\n")) }
    }
}

/// A service with bills that are looked up but not paid, and other bills that are paid once each.
struct OverloadSite {
    let site: DemoSite
    let asked: Workload
    let paid: [BillDraft]

    private static let askedCount = 20_000
    private static let paidCount = 40_000

    /// - Parameter folder: The folder of the database; nil for the system's temporary folder.
    init(in folder: URL?) throws {
        site = try DemoSite(in: folder)
        asked = Workload(billCount: Self.askedCount, bin: DemoSite.exclusiveBIN)
        paid =
            Workload(
                billCount: Self.paidCount, bin: DemoSite.directBIN + "0", seed: 2,
                numberPrefix: "PAID-", isSingleUse: true
            ).drafts
        try site.seed(asked.drafts + paid)
    }

    func remove() { site.remove() }

    /// Returns signed inquiries with their expected status.
    func inquiries(_ count: Int) -> [LoadGenerator.PreparedRequest] {
        site.doku.inquiries(asked.questions(count))
    }
}
