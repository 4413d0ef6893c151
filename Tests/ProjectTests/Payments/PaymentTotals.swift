// The content of GET /admin/v1/payments/totals: the sums received, and the sums booked.

import LoketJSON
import Testing

struct PaymentTotals {
    struct Sum: Equatable {
        var count: Int64
        var amount: Int64
    }

    let received: Sum
    let standings: [String: Sum]
    /// The number of rows in the ledger.
    let recorded: Int64
    let repeats: Int64

    init(_ value: JSONValue) {
        received = Self.sum(value["received"])
        standings = (value["standings"]?.elements ?? []).reduce(into: [:]) { sums, entry in
            sums[entry["standing"]?.string ?? "?"] = Self.sum(entry)
        }
        recorded = value["notifications"]?["recorded"]?.integer ?? -1
        repeats = value["notifications"]?["repeats"]?.integer ?? -1
    }

    /// The sum over every standing.
    var booked: Sum {
        standings.values.reduce(into: Sum(count: 0, amount: 0)) { total, sum in
            total.count += sum.count
            total.amount += sum.amount
        }
    }

    /// Expects that exactly these bills were paid, once each, and nothing else was received.
    func expectSettled(
        _ bills: [PaymentBill], location: SourceLocation = #_sourceLocation
    ) {
        let wanted = Sum(count: Int64(bills.count), amount: bills.amount)
        #expect(received == wanted, sourceLocation: location)
        #expect(booked == wanted, sourceLocation: location)
        #expect(standings["settled"] == wanted, sourceLocation: location)
    }

    private static func sum(_ value: JSONValue?) -> Sum {
        Sum(count: value?["count"]?.integer ?? -1, amount: value?["amount"]?.integer ?? -1)
    }
}
