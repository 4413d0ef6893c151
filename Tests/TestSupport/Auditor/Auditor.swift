// An independent model of one account's bills and payments. It receives every operation from
// outside and computes the state and answers that the service must have. It is written from
// docs/using.md (the standings of notifications, the guards of inquiries) and shares nothing with
// the service: it has only values, no clock and no parsing. A test runs both and compares them.
//
// The service's clock is unknown to the model. Each operation has the span of time in which it
// happened. If an outcome depends on an instant within a span, the model returns every possible
// outcome.

import LoketCore

package struct Auditor: Sendable {
    /// The account's BINs. A code that starts with none of them is foreign.
    package let bins: [String]
    /// The bills in order of creation.
    package internal(set) var bills: [Bill] = []
    /// The payments in the order in which they were first reported.
    package internal(set) var payments: [Payment] = []
    /// The deliveries in the order of the ledger, without repeats.
    package internal(set) var deliveries: [Delivery] = []

    var billPlaces: [String: Int] = [:]
    /// The indexes of all bills that ever had a code, oldest first.
    var codePlaces: [String: [Int]] = [:]
    /// The indexes of the payments with an invoice number, oldest first.
    var paymentPlaces: [String: [Int]] = [:]
    /// The indexes of unmatched payments without a decision.
    var unmatched: Set<Int> = []
    /// The indexes of the deliveries with a Request-Id.
    var requestPlaces: [String: [Int]] = [:]

    package init(bins: [String]) {
        self.bins = bins
    }

    /// Returns the bill with exactly this invoice number.
    package func bill(_ number: String) -> Bill? {
        billPlaces[number].map { bills[$0] }
    }

    /// Returns whether a delivery with this Request-Id was received.
    package func knows(requestID: String) -> Bool { requestPlaces[requestID] != nil }

    /// Returns the bill that is answered for a code: the open or held bill, otherwise the newest.
    package func bill(onCode code: String) -> Bill? {
        let places = codePlaces[code] ?? []
        let place = places.last { bills[$0].holdsCode } ?? places.last
        return place.map { bills[$0] }
    }

    /// Returns a bill's settled payments, as in the bill's JSON.
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
    /// A number of payments and their total in whole rupiah.
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
