// A steady flow of inquiries and notifications: what is measured beside an import or a flood.

import DokuSimulator
import Foundation
import LoketCore

struct SideLoad {
    let site: DemoSite
    let service: ServiceProcess
    let workload: Workload
    /// Single-use bills that notifications pay, one after the other.
    let drafts: [BillDraft]
    /// Inquiries in a second.
    let pace: Double
    /// Count an inquiry as wrong if its status is not the expected one: right where no bill that
    /// is asked for is paid meanwhile.
    var keepsStatus = false

    static let notificationsPerSecond = 20.0
    private static let connections = 4
    /// Bills that a round may pay.
    static let paymentsPerRound = 200

    /// What was seen in some time.
    struct Sample: Sendable {
        var inquiries = Latencies()
        var notifications = Latencies()
        var wrongInquiries = 0
        /// Notifications with any answer but 200.
        var unacknowledged = 0
        /// Of the gateway's threads.
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

    /// - Parameter round: bills of another round are paid already.
    func watch(for time: Duration, round: Int) async throws -> Sample {
        let now = Moment.now.utcText
        let questions = workload.questions(2_000).map { question in
            LoadGenerator.Shot(
                site.doku.request(
                    body: Doku.inquiryBody(code: question.code, counter: .alfa, date: now),
                    requestID: Doku.newRequestID(), timestamp: now),
                host: "127.0.0.1", expectedStatus: question.expectedStatus)
        }
        let paid = payments(round, at: now)
        let before = service.cpuSeconds(ofThreads: "NIO-ELT")
        let askers = LoadGenerator(
            host: "127.0.0.1", port: service.gatewayPort, connections: Self.connections,
            pace: pace / Double(Self.connections))
        let payers = LoadGenerator(
            host: "127.0.0.1", port: service.gatewayPort, connections: 1,
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

    private func payments(_ round: Int, at now: String) -> [LoadGenerator.Shot] {
        (0..<Self.paymentsPerRound).map { index in
            let draft = drafts[(round * Self.paymentsPerRound + index) % drafts.count]
            let notice = PaymentNotice(
                invoiceNumber: draft.invoiceNumber.text, amount: draft.amount.whole,
                paymentCode: draft.paymentCode.digits, date: now,
                agentTransactionID: "T\(round)-\(index)")
            return LoadGenerator.Shot(
                site.notifying.request(
                    body: notice.body, requestID: Doku.newRequestID(), timestamp: now),
                host: "127.0.0.1", expectedStatus: 200)
        }
    }
}

extension ServiceProcess {
    /// User and system seconds so far of the threads whose names begin so.
    func cpuSeconds(ofThreads prefix: String) -> Double {
        let tasks = "/proc/\(id)/task"
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return ids.reduce(0) { sum, thread in
            guard
                let stat = try? String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8),
                stat.split(separator: "(").last?.hasPrefix(prefix) == true
            else { return sum }
            return sum + Self.cpuSeconds(inStat: stat)
        }
    }
}
