// One flood of the overload benchmark. It measures a steady load before, during and after the
// flood, the service's memory, and whether every acknowledged payment is recorded.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketCore

struct OverloadFlood {
    let kind: BenchOverload.FloodKind
    let site: OverloadSite
    /// The database's disk if it is to be filled; else nil.
    let disk: SmallDisk?
    let seconds: Int
    let pace: Double
    let share: Double

    private static let window = Duration.seconds(2)
    private static let recoveryWindow = Duration.seconds(1)
    private static let recoveryWindowsMax = 30
    private static let pipelinedInquiries = 625
    /// The largest permitted factor by which a flood may raise the 99th percentile of inquiries.
    private static let slowdownMax = 3.0
    private static let memoryMiBMax = 256
    private static let recoverySecondsMax = 5

    func measure() async throws -> [String] {
        let service = try await site.site.serve(readsLog: kind != .log)
        defer { _ = service.stop() }
        var counter = Counter(
            load: SideLoad(
                site: site.site, service: service, workload: site.asked, drafts: site.paid,
                pace: pace, keepsStatus: true))
        _ = try await counter.watch(for: Self.window)
        let windows = max(seconds / 2, 1)
        var quiet = SideLoad.Sample()
        for _ in 0..<min(windows, 5) { quiet.add(try await counter.watch(for: Self.window)) }

        let flood = Flood.Kind(rawValue: kind.rawValue).map { kind in
            Flood(
                kind, port: service.gatewayPort,
                inquiries: kind == .pipelined ? site.inquiries(Self.pipelinedInquiries) : [])
        }
        let full = Flood.Kind(rawValue: kind.rawValue)?.connections ?? 0
        try flood?.begin(connections: max(Int(Double(full) * share), 1))
        var beside = SideLoad.Sample()
        for _ in 0..<windows {
            if kind == .log { try await forge(at: service) }
            try disk?.fill()
            beside.add(try await counter.watch(for: Self.window))
        }
        let peak = service.peakMemoryMiB
        try await flood?.end()
        try disk?.free()
        let recovery = try await recover(to: quiet, &counter)
        let totals = try await site.site.get("/admin/v1/payments/totals", from: service)
        let recorded = Int(totals["received"]?["count"]?.integer ?? 0)
        return report(quiet, beside, peak, recovery, counter.acknowledged, recorded)
    }

    /// The load, with the number of notifications acknowledged so far.
    private struct Counter {
        let load: SideLoad
        var round = 0
        var acknowledged = 0

        mutating func watch(for time: Duration) async throws -> SideLoad.Sample {
            defer { round += 1 }
            let sample = try await load.watch(for: time, round: round)
            acknowledged += sample.acknowledged
            return sample
        }
    }

    /// Sends notifications that fail verification, each of which adds a line to the log.
    private func forge(at service: ServiceProcess) async throws {
        let forger = Doku(
            clientID: DemoSite.clientID, secret: Array("another secret".utf8),
            signedTarget: DemoSite.notificationPath)
        for _ in 0..<20 {
            let request = forger.request(
                body: Array(Doku.newRequestID().utf8), requestID: Doku.newRequestID(),
                timestamp: Moment.now.utcText)
            _ = try await HTTPClient.shared.send(request, to: service.gatewayURL)
        }
    }

    /// Returns the seconds until inquiries are again within the permitted slowdown and every
    /// notification is acknowledged.
    private func recover(
        to quiet: SideLoad.Sample, _ counter: inout Counter
    ) async throws -> Int {
        let enough = Self.slowdownMax * Double(quiet.inquiries.percentiles([0.99])[0])
        for seconds in 1...Self.recoveryWindowsMax {
            let sample = try await counter.watch(for: Self.recoveryWindow)
            let isFast = Double(sample.inquiries.percentiles([0.99])[0]) < enough
            if isFast, sample.wrongAnswers == 0 { return seconds }
        }
        return Self.recoveryWindowsMax
    }

    private func report(
        _ quiet: SideLoad.Sample, _ beside: SideLoad.Sample, _ peak: Int, _ recovery: Int,
        _ acknowledged: Int, _ recorded: Int
    ) -> [String] {
        let before = quiet.inquiries.percentiles([0.5, 0.99])
        let during = beside.inquiries.percentiles([0.5, 0.99])
        let slowdown = Double(during[1]) / Double(max(before[1], 1))
        say(
            String(
                format: """
                    %@ for %d s beside %.0f inquiries and %.0f notifications a second
                      inquiry p50     %6d us, without %6d us
                      inquiry p99     %6d us, without %6d us, %.1f times
                      answers         %d inquiries, %d wrong; %d notifications, %d not acknowledged
                      memory          %d MiB at most
                      recovery        %d s
                      payments        %d acknowledged, %d on record
                    """, kind.rawValue, seconds, pace, SideLoad.notificationsPerSecond, during[0],
                before[0], during[1], before[1], slowdown, beside.inquiries.count,
                quiet.wrongInquiries + beside.wrongInquiries, beside.notifications.count,
                beside.unacknowledged, peak, recovery, acknowledged, recorded))
        // On a full disk DOKU must send its notifications again; nothing else may be lost.
        let hasRightNotifications =
            kind == .disk ? beside.unacknowledged > 0 : beside.unacknowledged == 0
        let limits: [(Bool, String)] = [
            (slowdown <= Self.slowdownMax, "inquiries were \(slowdown) times as slow"),
            (quiet.wrongAnswers + beside.wrongInquiries == 0, "answers were wrong"),
            (hasRightNotifications, "\(beside.unacknowledged) notifications not acknowledged"),
            (recorded >= acknowledged, "acknowledged payments are not on record"),
            (peak <= Self.memoryMiBMax, "\(peak) MiB of memory"),
            (recovery <= Self.recoverySecondsMax, "\(recovery) s until it recovered"),
        ]
        return limits.filter { !$0.0 }.map { "\(kind.rawValue): \($0.1)" }
    }
}
