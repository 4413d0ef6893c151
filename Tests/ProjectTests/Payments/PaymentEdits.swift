// The merchant's changes of a bill while its payment arrives: edits with If-Match, and sometimes a
// cancel. Each change may lose the race; no other error is allowed.

import DokuSimulator
import Foundation
import TestSupport

struct PaymentEdits: Sendable {
    private let patches: [String]
    /// Whether a cancel follows the edits.
    private let cancels: Bool
    /// The number of changes sent so far.
    private let sent = PaymentCounter()
    /// The number of changes to send before the payments.
    private let headStart: Int

    init(_ random: inout SeededRandom) {
        let count = Int.random(in: 0...3, using: &random)
        patches = (0..<count).map { _ in
            let patch = [
                #"{"amount":\#(Int.random(in: 1_000...9_000, using: &random))}"#,
                #"{"info":"Terima kasih \#(Int.random(in: 1...99, using: &random))"}"#,
                #"{"customer":{"name":"Budi \#(Int.random(in: 1...99, using: &random))"}}"#,
                #"{"expires_at":"2099-12-\#(Int.random(in: 10...28, using: &random))"}"#,
            ].randomElement(using: &random)
            return patch ?? "{}"
        }
        cancels = Bool.random(using: &random)
        headStart = Int.random(in: 0...count + (cancels ? 1 : 0), using: &random)
    }

    /// Waits until the payments may be sent.
    func awaitHeadStart() async throws {
        try await eventually("the merchant's edits go out") { sent.value >= headStart }
    }

    /// Sends the changes one after the other.
    ///
    /// - Throws: If an answer is not explained by a lost race.
    func make(to bill: PaymentBill, at desk: PaymentDesk) async throws {
        try await blocking {
            let connection = try Connection(port: desk.adminPort)
            let target = "/admin/v1/bills/\(bill.id)"
            for patch in patches {
                let shown = try connection.ask(desk.adminRequest("GET", target))
                guard let tag = shown.header("ETag") else {
                    throw NeverHappened(description: "GET \(target) has no ETag")
                }
                try expect(
                    [200, 409, 412], desk.adminRequest("PATCH", target, patch, ifMatch: tag),
                    on: connection)
            }
            if cancels {
                try expect(
                    [200, 409], desk.adminRequest("POST", target + "/cancel", "{}"),
                    on: connection)
            }
        }
    }

    private func expect(
        _ statuses: [Int], _ request: DokuRequest, on connection: Connection
    ) throws {
        sent.increment()
        let answer = try connection.ask(request)
        guard statuses.contains(answer.status) else {
            let text = String(decoding: answer.body, as: UTF8.self)
            throw NeverHappened(
                description: "\(request.method) \(request.target): \(answer.status) \(text)")
        }
    }
}
