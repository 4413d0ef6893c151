// Compares the whole service with the books: every list, every sum, every event.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport

extension ModelRun {
    func compareEverything() async throws {
        try await compareTotals()
        try await compareBills()
        try await comparePayments()
        try await compareDeliveries()
        try await compareAttention()
        try await readEvents()
        // The comparison of one side may have been so long that the other connection was closed.
        try client.reconnect()
    }

    // MARK: Lists, newest first

    private func compareBills() async throws {
        var rest = books.bills[...]
        let begin = clock.now
        try await client.all("bills") { given in
            guard let bill = rest.popLast() else {
                throw ModelDisagreement("a bill too many: \(given["id"]?.string ?? "")")
            }
            try compare(given, toBill: bill.number, since: begin)
        }
        guard rest.isEmpty else { throw ModelDisagreement("\(rest.count) bills are missing") }
    }

    private func comparePayments() async throws {
        var rest = books.payments.indices
        try await client.all("payments") { given in
            guard let place = rest.popLast() else {
                throw ModelDisagreement("a payment too many: \(given["id"]?.string ?? "")")
            }
            try compare(given, toPayment: place)
        }
        guard rest.isEmpty else { throw ModelDisagreement("\(rest.count) payments are missing") }
    }

    /// Also checks that every SUCCESS belongs to exactly one payment: a row names one payment, and
    /// the books have the expected payment.
    private func compareDeliveries() async throws {
        var rest = books.deliveries.indices
        var last = Int64.max
        try await client.all("notifications") { given in
            guard let place = rest.popLast(),
                let number = given["id"]?.string.flatMap({ Int64($0) }), number < last
            else {
                throw ModelDisagreement("notification \(given["id"]?.string ?? "") is wrong here")
            }
            last = number
            try compare(given, toDelivery: place)
        }
        guard rest.isEmpty else {
            throw ModelDisagreement("\(rest.count) notifications are missing")
        }
    }

    private func compareAttention() async throws {
        var given: Set<String> = []
        try await client.all("payments?needs_attention=true") {
            given.insert($0["id"]?.string ?? "")
        }
        let expected = books.payments.indices.filter { books.payments[$0].needsAttention }
            .map { paymentIDs[$0] }
        var comparison = ModelComparison("payments that need attention")
        comparison.expect("the list", given.sorted(), expected.sorted())
        try comparison.finish()
        try await compareEntries()
    }

    /// The attention list.
    private func compareEntries() async throws {
        var rest = books.attention[...]
        try await client.all("attention") { given in
            guard let entry = rest.popLast() else {
                throw ModelDisagreement("an entry too many: \(given["id"]?.string ?? "")")
            }
            var comparison = ModelComparison("entry \(given["id"]?.string ?? "")")
            comparison.expect("kind", given["kind"]?.string, entry.kind.rawValue)
            comparison.expect(
                "notification", given["notification_id"]?.string, deliveryIDs[entry.delivery])
            comparison.expect(
                "payment", given["payment_id"]?.string, entry.payment.map { paymentIDs[$0] })
            try comparison.finish()
        }
        guard rest.isEmpty else { throw ModelDisagreement("\(rest.count) entries are missing") }
    }

    // MARK: Sums

    func compareTotals() async throws {
        let given = try await client.get("payments/totals")
        let totals = books.totals
        var comparison = ModelComparison("totals")
        func sum(_ value: JSONValue?) -> Auditor.Sum {
            Auditor.Sum(
                count: Int(value?["count"]?.integer ?? 0), amount: value?["amount"]?.integer ?? 0)
        }
        func named(_ list: String, _ standing: Auditor.Standing) -> JSONValue? {
            let items = list == "excluded" ? given["excluded"] : given["standings"]
            return items?.elements.first { $0["standing"]?.string == standing.rawValue }
        }
        comparison.expect("received", sum(given["received"]), totals.received)
        for standing: Auditor.Standing in [
            .settled, .duplicate, .amountMismatch, .afterCancel, .unmatched,
        ] {
            let item = named("standings", standing)
            let expected = totals.standings[standing] ?? Auditor.Sum()
            comparison.expect(standing.rawValue, sum(item), expected)
            comparison.expect(
                "\(standing.rawValue) that need attention",
                item?["needs_attention"]?.integer ?? 0,
                Int64(totals.needAttention[standing] ?? 0))
        }
        let standing = given["standings"]?.elements.compactMap { $0["amount"]?.integer } ?? []
        comparison.expect("the standings' sum", standing.reduce(0, +), totals.received.amount)
        comparison.expect("foreign", sum(named("excluded", .foreign)), totals.foreign)
        comparison.expect("unreadable", sum(named("excluded", .unreadable)), totals.unreadable)
        let rows = given["notifications"]
        comparison.expect("recorded", rows?["recorded"]?.integer, Int64(totals.recorded))
        comparison.expect("repeats", rows?["repeats"]?.integer, Int64(totals.repeats))
        comparison.expect("not_success", rows?["not_success"]?.integer, Int64(totals.notSuccess))
        try comparison.finish()
    }
}
