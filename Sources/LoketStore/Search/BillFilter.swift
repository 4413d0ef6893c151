// What a list of bills is narrowed to, its order, and a place in it. How it is found is
// BillSearch's.

import LoketCore

/// Everything that is set must fit.
package struct BillFilter: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case stored(Bill.State)
        /// Open, and past its expiry at this moment.
        case expired(at: Moment)

        /// What stands in the row.
        var stored: Bill.State {
            switch self {
            case .stored(let state): state
            case .expired: .open
            }
        }
    }

    package var accountID: Int64?
    package var paymentCode: PaymentCode?
    package var invoiceNumber: InvoiceNumber?
    /// What the invoice number begins with, case and all.
    package var invoicePrefix: InvoiceNumber?
    /// A part of the customer's name or e-mail address, in any case.
    package var customer: String?
    package var state: State?
    /// From this moment on.
    package var expiresFrom: Moment?
    /// Before this moment.
    package var expiresTo: Moment?

    package init(paymentCode: PaymentCode? = nil, invoiceNumber: InvoiceNumber? = nil) {
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
    }

    /// The order that can be read from an index, where nobody asks for another.
    package var ownOrder: BillOrder {
        if invoicePrefix != nil { return .invoiceNumber }
        if case .expired = state { return .expiry }
        return .newest
    }
}

package enum BillOrder: String, CaseIterable, Sendable {
    case newest
    case oldest
    /// Bills that hold a code and expire, the next one first.
    case expiry = "expires_at"
    /// By account, and in it by the number's bytes.
    case invoiceNumber = "invoice_number"

    var sql: String {
        switch self {
        case .newest: "id DESC"
        case .oldest: "id"
        case .expiry: "expires_at, id"
        case .invoiceNumber: "account_id, invoice_number"
        }
    }
}

/// A bill's place in an order: where a page ended.
package enum BillPosition: Sendable, Hashable {
    case id(Int64)
    case expiry(Moment, id: Int64)
    case number(InvoiceNumber, accountID: Int64)

    init(of record: BillRecord, in order: BillOrder) {
        let bill = record.bill
        switch order {
        case .newest, .oldest: self = .id(bill.id)
        case .expiry: self = .expiry(bill.expiresAt ?? Moment(milliseconds: 0), id: bill.id)
        case .invoiceNumber: self = .number(bill.invoiceNumber, accountID: record.accountID)
        }
    }

    /// Whether it can be a place in the order.
    package func fits(_ order: BillOrder) -> Bool {
        switch (self, order) {
        case (.id, .newest), (.id, .oldest), (.expiry, .expiry), (.number, .invoiceNumber): true
        default: false
        }
    }
}
