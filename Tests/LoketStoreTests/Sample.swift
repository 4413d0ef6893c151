// Sample drafts of bills and journal entries. A test can choose each value.

import LoketCore
import LoketStore
import Testing

enum Sample {
    static let codeText = "8896510000000123"
    static let now = Moment(milliseconds: 1_597_135_542_123)

    static func code(_ text: String = codeText) throws -> PaymentCode {
        try #require(PaymentCode(text))
    }

    static func number(_ text: String) throws -> InvoiceNumber {
        try #require(InvoiceNumber(text))
    }

    static func draft(
        _ numberText: String = "INV-1", code codeText: String = codeText,
        amount: Int64 = 150_000, expiresAt: Moment? = nil
    ) throws -> BillDraft {
        BillDraft(
            paymentCode: try code(codeText), invoiceNumber: try number(numberText),
            amounts: try #require(DatedAmounts(whole: amount)), expiresAt: expiresAt,
            customerName: "Anton Budiman")
    }

    /// A draft in which every field has a value.
    static func fullDraft() throws -> BillDraft {
        var draft = try draft(expiresAt: now.adding(milliseconds: 60_000))
        draft.amounts = try dated([(150_000, 30_000)], last: 165_000)
        draft.validFrom = now.adding(milliseconds: -1000)
        draft.dueAt = now.adding(milliseconds: 40_000)
        draft.reusable = true
        draft.customerEmail = "anton@example.com"
        draft.info = "School fee July"
        draft.metadata = #"{"class":"7B"}"#
        return draft
    }

    /// Returns amounts that end this many milliseconds after `now`.
    static func dated(
        _ steps: [(amount: Int64, until: Int64)], last: Int64
    ) throws -> DatedAmounts {
        try DatedAmounts(
            steps.map {
                DatedAmounts.Step(
                    amount: try #require(Rupiah(whole: $0.amount)),
                    until: now.adding(milliseconds: $0.until))
            }, last: try #require(Rupiah(whole: last)))
    }

    static func entry(
        _ requestID: String, account: Int64, receivedAt: Moment = now
    ) -> JournalEntry {
        JournalEntry(
            receivedAt: receivedAt, dialect: "o2o", accountID: account, requestID: requestID,
            codeText: codeText, channel: "alfa", acquirer: "ALFAMART", answeredBy: .payable,
            billID: 7, amount: 150_000, invoiceNumber: "INV-1", durationMicroseconds: 250,
            skewMilliseconds: -40)
    }

    static func refused(
        _ requestID: String, account: Int64? = nil, kind: RefusedRequest.Kind = .inquiry,
        bytes: Int = 10
    ) -> RefusedRequest {
        RefusedRequest(
            accountID: account, receivedAt: now, kind: kind, cause: "signature_wrong",
            target: "/doku/inquiry", requestID: requestID, source: "192.0.2.7",
            headers: [("Client-Id", "MCH-0001"), ("Request-Id", requestID)],
            body: [UInt8](repeating: 0x20, count: bytes))
    }
}

extension LookupResult {
    var bill: Bill? {
        guard case .bill(let bill) = self else { return nil }
        return bill
    }

    var damagedID: Int64? {
        guard case .damaged(let id) = self else { return nil }
        return id
    }

    var isNothing: Bool {
        guard case .nothing = self else { return false }
        return true
    }
}

extension BillLookup {
    /// Looks up a code without a time limit.
    func find(_ account: Int64, _ code: String = Sample.codeText) throws -> LookupResult {
        try find(
            accountID: account, code: try Sample.code(code),
            deadline: ContinuousClock.now.advanced(by: .seconds(600)))
    }
}
