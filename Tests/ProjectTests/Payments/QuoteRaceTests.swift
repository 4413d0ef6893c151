// Inquiries while the payment arrives: after DOKU has received the 2xx, no inquiry is answered
// that the bill is payable.

import DokuSimulator
import Foundation
import LoketJSON
import Synchronization
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentQuoteRace {
        private static let codes = PaymentSize.of(1000, otherwise: 10)
        private static let readers = 4
        /// The inquiries of each reader that begin after the 2xx.
        private static let lateInquiries = 5

        private final class Moments: Sendable {
            /// The inquiries answered before the notification was sent.
            let early = PaymentCounter()
            let isTaken = Atomic(false)
        }

        @Test func `no inquiry that starts after the 2xx returns success`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let desk = try PaymentDesk(site, service)
                let (doku, port) = (site.doku(), service.gatewayPort)
                for bill in try await desk.addBills(0..<Self.codes) {
                    let moments = Moments()
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<Self.readers {
                            group.addTask {
                                try await Self.read(bill, by: doku, port: port, moments)
                            }
                        }
                        // If the notification fails, the readers must not wait for it without end.
                        defer { moments.isTaken.store(true, ordering: .releasing) }
                        try await eventually("every reader asks") {
                            moments.early.value >= Self.readers * 3
                        }
                        try await desk.expectTaken(desk.request(bill.notice()), of: bill)
                        moments.isTaken.store(true, ordering: .releasing)
                        try await group.waitForAll()
                    }
                    #expect(try await Self.word(service.ask(bill.code)) == "billing_already_paid")
                }
                #expect(try await service.stop().code == 0)
            }
        }

        private static func read(
            _ bill: PaymentBill, by doku: Doku, port: Int, _ moments: Moments
        ) async throws {
            try await blocking {
                let connection = try Connection(port: port)
                var late = 0
                while late < Self.lateInquiries {
                    let isLate = moments.isTaken.load(ordering: .acquiring)
                    let answer = try connection.ask(Service.inquiry(bill.code, by: doku))
                    let word = try Self.word(answer)
                    if isLate {
                        late += 1
                        #expect(word == "billing_already_paid")
                    } else {
                        moments.early.increment()
                        #expect(["success", "billing_already_paid"].contains(word))
                    }
                }
            }
        }

        private static func word(_ answer: DokuAnswer) throws -> String? {
            try StrictJSON(answer.body).root["online_to_offline_inquiry"]?["status"]?.string
        }
    }
}
