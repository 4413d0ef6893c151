// An auditor on a fixed day: bills are created at noon, from which seconds are counted, and every
// instant is known unless a test says otherwise.

import DokuSimulator
import LoketCore
import TestSupport

struct Books {
    static let code = "88965112345678"
    static let number = "INV-1"
    static let amount: Int64 = 150_000
    /// 2026-05-04T12:00:00Z.
    static let noon = Moment(seconds: 1_777_896_000)

    var auditor: Auditor
    private var count = 0

    /// Creates books without bills.
    static var empty: Books { Books(Auditor(bins: bins)) }

    private static let bins = ["889651", "12345"]

    private init(_ auditor: Auditor) { self.auditor = auditor }

    /// Creates books with one bill, created at noon.
    init(reusable: Bool = false, expiresAfter: Int64? = nil) {
        self = .empty
        _ = make(
            Self.number, code: Self.code, reusable: reusable, expiresAfter: expiresAfter, at: 0)
    }

    static func moment(_ seconds: Int64) -> Moment {
        noon.adding(milliseconds: seconds * 1000)
    }

    static func at(_ seconds: Int64) -> Auditor.Span { Auditor.Span(moment(seconds)) }

    mutating func make(
        _ number: String, code: String = code, amount: Int64 = amount, reusable: Bool = false,
        expiresAfter: Int64? = nil, at seconds: Int64
    ) -> Auditor.Made {
        auditor.make(
            Auditor.BillOrder(
                number: number, code: code, amount: amount, reusable: reusable,
                expiresAt: expiresAfter.map(Self.moment)),
            at: Self.at(seconds))
    }

    /// Creates a bill with amounts by date, of which each but the last ends after a number of
    /// seconds.
    mutating func make(
        _ number: String = number, code: String = code, steps: [(amount: Int64, until: Int64)],
        last: Int64, validFrom: Int64? = nil, expiresAfter: Int64? = nil, at seconds: Int64 = 0
    ) -> Auditor.Made {
        var order = Auditor.BillOrder(
            number: number, code: code, amount: last,
            expiresAt: expiresAfter.map(Self.moment))
        order.amounts = Self.list(steps, last: last)
        order.validFrom = validFrom.map(Self.moment)
        return auditor.make(order, at: Self.at(seconds))
    }

    static func list(
        _ steps: [(amount: Int64, until: Int64)], last: Int64
    ) -> [Auditor.Step] {
        steps.map { Auditor.Step($0.amount, until: moment($0.until)) } + [Auditor.Step(last)]
    }

    mutating func edit(amount: Int64, at seconds: Int64) -> Bool {
        auditor.edit(Self.number, Auditor.Edit(amount: amount), at: Self.at(seconds)) == .done
    }

    /// Adds a notice of a payment at `dated`, received at `at` or at the same second.
    mutating func notify(
        _ number: String? = number, amount: Int64? = amount, code: String? = code,
        dated: Int64?, transaction: String? = nil, at seconds: Int64? = nil,
        requestID: String? = nil, _ edit: (inout PaymentNotice) -> Void = { _ in }
    ) -> Auditor.Reception {
        count += 1
        let date = dated.map(Self.moment)
        var notice = PaymentNotice(
            invoiceNumber: number, amount: amount, paymentCode: code, date: date?.utcText,
            agentTransactionID: transaction)
        edit(&notice)
        return auditor.receive(
            Auditor.Sending(
                requestID: requestID ?? "request-\(count)", notice: notice, dated: date),
            at: Self.at(seconds ?? dated ?? 0))
    }

    /// Returns the standing and flags of a delivery's payment.
    func words(_ reception: Auditor.Reception) -> String {
        guard let place = reception.payment else {
            return auditor.deliveries[reception.delivery].standing.rawValue
        }
        let payment = auditor.payments[place]
        return ([payment.standing.rawValue] + payment.flags.map(\.rawValue).sorted())
            .joined(separator: " ")
    }

    var state: Auditor.BillState? { auditor.bill(Self.number)?.state }
}
