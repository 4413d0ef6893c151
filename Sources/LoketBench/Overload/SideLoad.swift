// A steady flow of inquiries and notifications, measured during an import or a flood.

import DokuSimulator
import Foundation
import LoketCore

struct SideLoad {
    let site: DemoSite
    let service: ServiceProcess
    let workload: Workload
    /// Single-use bills, which the notifications pay one after another.
    let drafts: [BillDraft]
    /// The inquiries per second.
    let pace: Double
    /// Whether an inquiry with an unexpected status is counted as wrong. Only valid if no bill that
    /// is looked up is paid during the measurement.
    var keepsStatus = false

    static let notificationsPerSecond = 20.0
    private static let connections = 4
    /// The number of bills that one round may pay.
    static let paymentsPerRound = 200

    /// The measurements of a time interval.
    struct Sample: Sendable {
        var inquiries = Latencies()
        var notifications = Latencies()
        var wrongInquiries = 0
        /// Notifications not answered with 200.
        var unacknowledged = 0
        /// The CPU time of the gateway's threads.
        var cpuSeconds = 0.0

        var wrongAnswers: Int { wrongInquiries + unacknowledged }
        var acknowledged: Int { notifications.count - unacknowledged }
        var cpuMicroseconds: Double { cpuSeconds * 1e6 / Double(max(inquiries.count, 1)) }

        mutating func add(_ other: Sample) {
            inquiries.add(other.inquiries)
            notifications.add(other.notifications)
            wrongInquiries += other.wrongInquiries
            unacknowledged += other.unacknowledged
            cpuSeconds += other.cpuSeconds
        }
    }

    /// - Parameter round: The round, which selects bills that are not yet paid.
    func watch(for time: Duration, round: Int) async throws -> Sample {
        let questions = site.doku.inquiries(workload.questions(2_000))
        let paid = site.notifying.payments(
            of: (0..<Self.paymentsPerRound).map {
                drafts[(round * Self.paymentsPerRound + $0) % drafts.count]
            }, sale: "T\(round)-")
        let before = service.cpuSeconds(ofThreads: "NIO-ELT")
        let askers = LoadGenerator(
            port: service.gatewayPort, connections: Self.connections,
            pace: pace / Double(Self.connections))
        let payers = LoadGenerator(
            port: service.gatewayPort, connections: 1,
            pace: Self.notificationsPerSecond)
        let keepsStatus = keepsStatus
        async let asked = askers.run(questions, for: time, keepsStatus: keepsStatus)
        async let notified = payers.run(paid, for: time, keepsStatus: true)
        let (inquiries, notifications) = (try await asked, try await notified)
        return Sample(
            inquiries: inquiries.latencies, notifications: notifications.latencies,
            wrongInquiries: inquiries.wrongAnswers, unacknowledged: notifications.wrongAnswers,
            cpuSeconds: service.cpuSeconds(ofThreads: "NIO-ELT") - before)
    }
}
