// DOKU's own books: an independent model of one account's bills and payments, told of every
// operation from outside, that says what the service must hold and answer. Written from
// docs/using.md (the standings of notifications, the guards of inquiries) and from nothing of the
// service: pure values, no clock, no reading of texts. A test plays both and compares.
//
// The service's clock is not ours. Each operation comes with the span in which it happened, and
// where an outcome turns on an instant inside of a span, every possible outcome is told.

import LoketCore

package struct Auditor: Sendable {
    /// The account's BINs; a code that none of them prefixes is somebody else's.
    package let bins: [String]
    /// In the order in which they were made.
    package internal(set) var bills: [Bill] = []
    /// In the order in which they were first seen.
    package internal(set) var payments: [Payment] = []
    /// In the order of the ledger, repeats left out.
    package internal(set) var deliveries: [Delivery] = []

    var billPlaces: [String: Int] = [:]
    /// Bills that a code ever had, oldest first.
    var codePlaces: [String: [Int]] = [:]
    /// Payments that carry an invoice number, oldest first.
    var paymentPlaces: [String: [Int]] = [:]
    /// Unmatched payments on which nobody has decided.
    var unmatched: Set<Int> = []
    /// Deliveries under one Request-Id.
    var requestPlaces: [String: [Int]] = [:]

    package init(bins: [String]) {
        self.bins = bins
    }

    /// The bill of this invoice number, exactly.
    package func bill(_ number: String) -> Bill? {
        billPlaces[number].map { bills[$0] }
    }

    /// Whether a delivery came under this Request-Id.
    package func knows(requestID: String) -> Bool { requestPlaces[requestID] != nil }

    /// The bill that answers for a code: the open or held one, else the newest.
    package func bill(onCode code: String) -> Bill? {
        let places = codePlaces[code] ?? []
        let place = places.last { bills[$0].holdsCode } ?? places.last
        return place.map { bills[$0] }
    }

    /// Settled payments on a bill, as its JSON tells them.
    package func paid(on number: String) -> Sum {
        guard let place = billPlaces[number] else { return Sum() }
        return bills[place].payments.reduce(into: Sum()) { $0.add(payments[$1]) }
    }

    mutating func change(_ number: String, _ edit: (inout Bill) -> Void) {
        guard let place = billPlaces[number] else {
            preconditionFailure("the auditor made the bill \(number) itself")
        }
        edit(&bills[place])
    }
}

extension Auditor {
    /// How many, and what they are worth together in whole rupiah.
    package struct Sum: Sendable, Hashable {
        package var count = 0
        package var amount: Int64 = 0

        package init(count: Int = 0, amount: Int64 = 0) {
            self.count = count
            self.amount = amount
        }

        mutating func add(_ payment: Payment) {
            count += 1
            amount += payment.amount ?? 0
        }
    }
}
