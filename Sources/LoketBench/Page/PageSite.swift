// The database of the benchmark of the counter page: bills with names, and a month of inquiries.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore

struct PageSite {
    let site: DemoSite
    let workload: Workload

    private static let chunk = 50_000
    private static let days: Int64 = 30
    /// One inquiry out of this number was declined.
    private static let declinedEvery = 20

    func fill(inquiries: Int) throws {
        say("filling a database with \(workload.billCount) bills …")
        let began = ContinuousClock.now
        try site.fill { write in
            for start in stride(from: 0, to: workload.billCount, by: Self.chunk) {
                let places = start..<min(start + Self.chunk, workload.billCount)
                try write(places.map(draft), .open)
            }
        }
        say("and with \(inquiries) inquiries …")
        try ask(inquiries)
        say("filled in \((ContinuousClock.now - began).components.seconds) s")
    }

    private func draft(_ place: Int) -> BillDraft {
        var draft = workload.draft(place)
        draft.customerName = "Anton Budiman \(place % 1_000)"
        return draft
    }

    /// Writes inquiries through the journal, evenly over the days until now.
    private func ask(_ count: Int) throws {
        let store = try Store(path: site.databasePath)
        guard let account = try store.registerAccounts([DemoSite.clientID])[DemoSite.clientID]
        else { preconditionFailure("the account was just registered") }
        let journal = Journal(on: store)
        let span = Self.days * 86_400_000
        let first = Moment.now.adding(milliseconds: -span)
        var random = SeededRandom(seed: 1)
        for place in 0..<count {
            let time = first.adding(milliseconds: span / Int64(count) * Int64(place))
            let bill = Int.random(in: 0..<workload.billCount, using: &random)
            while journal.isBehind { usleep(1_000) }
            let draft = workload.draft(bill)
            let isDeclined = place % Self.declinedEvery == 0
            guard
                journal.offer(
                    JournalEntry(
                        receivedAt: time, dialect: "doku", accountID: account,
                        requestID: Doku.newRequestID(), codeText: draft.paymentCode.digits,
                        channel: Channel.alfa.rawValue, acquirer: "ALFA_GROUP",
                        answeredBy: isDeclined ? .billExpired : .payable, billID: Int64(bill + 1),
                        amount: isDeclined ? nil : draft.amounts.last.whole,
                        invoiceNumber: draft.invoiceNumber.text, durationMicroseconds: 150,
                        skewMilliseconds: 20))
            else { throw BenchFailure("the journal refused an entry") }
        }
        journal.close()
        guard journal.health.written == count else {
            throw BenchFailure("the journal has \(journal.health.written) of \(count) inquiries")
        }
        try store.close()
    }
}
