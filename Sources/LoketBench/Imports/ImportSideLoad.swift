// The load during an import: inquiries and notifications at a steady rate, measured without and
// with the import.

import DokuSimulator
import Foundation
import LoketCore

struct ImportSideLoad {
    /// The inquiries per second.
    let pace: Double

    private static let bills = 200_000
    private static let quietWindows = 5
    private static let window = Duration.seconds(2)

    func measure(importing file: String) async throws {
        let site = try DemoSite()
        defer { site.remove() }
        // These bills have codes and numbers that are not in the file.
        let workload = Workload(
            billCount: Self.bills, bin: DemoSite.directBIN + "0", seed: 2, numberPrefix: "OLD-",
            isSingleUse: true)
        let drafts = workload.drafts
        try site.seed(drafts)
        let service = try await site.serve()
        defer { _ = service.stop() }
        let load = SideLoad(
            site: site, service: service, workload: workload, drafts: drafts, pace: pace)
        // The first round is a warm-up.
        var round = 0
        _ = try await load.watch(for: Self.window, round: round)
        var quiet = SideLoad.Sample()
        for _ in 0..<Self.quietWindows {
            round += 1
            quiet.add(try await load.watch(for: Self.window, round: round))
        }
        let end = BenchEnd()
        let adminURL = service.adminURL
        var busy = SideLoad.Sample()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { end.come() }
                try await site.importFile(file, at: adminURL)
            }
            while !end.isThere {
                round += 1
                busy.add(try await load.watch(for: Self.window, round: round))
            }
            try await group.waitForAll()
        }
        say(report(quiet, busy))
        guard quiet.wrongAnswers + busy.wrongAnswers == 0 else {
            throw BenchFailure("\(quiet.wrongAnswers + busy.wrongAnswers) answers were wrong")
        }
    }

    private func report(_ quiet: SideLoad.Sample, _ busy: SideLoad.Sample) -> String {
        let (before, beside) = (
            quiet.inquiries.percentiles([0.5, 0.99]), busy.inquiries.percentiles([0.5, 0.99])
        )
        let (alone, behind) = (
            quiet.notifications.percentiles([0.5, 1]), busy.notifications.percentiles([0.5, 1])
        )
        return String(
            format: """
                beside the import, and without it (%.0f inquiries and %.0f notifications a second)
                  inquiry p50        %6d us, without %6d us, %.2f times
                  inquiry p99        %6d us, without %6d us
                  CPU of an inquiry  %6.0f us, without %6.0f us, %.2f times
                  notification p50   %6.1f ms, without %6.1f ms
                  the longest wait   %6.1f ms, without %6.1f ms
                """, pace, SideLoad.notificationsPerSecond, beside[0], before[0],
            Double(beside[0]) / Double(max(before[0], 1)), beside[1], before[1],
            busy.cpuMicroseconds, quiet.cpuMicroseconds,
            busy.cpuMicroseconds / max(quiet.cpuMicroseconds, 1), Double(behind[0]) / 1000,
            Double(alone[0]) / 1000, Double(behind[1]) / 1000, Double(alone[1]) / 1000)
    }
}
