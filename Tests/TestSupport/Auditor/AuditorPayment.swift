// Deliveries and payments in the model. A payment is reported by one or more deliveries.

import DokuSimulator
import LoketCore

extension Auditor {
    package enum Standing: String, Sendable, CaseIterable {
        case settled, duplicate, unmatched, foreign, unreadable
        case amountMismatch = "amount_mismatch"
        case afterCancel = "after_cancel"
        /// The standing of a delivery that reports no payment.
        case notSuccess = "not_success"
    }

    package enum Flag: String, Sendable, CaseIterable {
        case late
        case oldAmount = "old_amount"
        case codeDiffers = "code_differs"
    }

    /// A notification as sent, with its known content.
    package struct Sending: Sendable {
        package var requestID: String
        package var body: [UInt8]
        /// The content; nil if the body is not a notice.
        package var notice: PaymentNotice?
        /// The instant of the notice's date; nil if the date is missing or unreadable.
        package var dated: Moment?

        package init(
            requestID: String, notice: PaymentNotice, dated: Moment?
        ) {
            self.requestID = requestID
            self.body = notice.body
            self.notice = notice
            self.dated = dated
        }

        /// Creates a sending whose body is not a notice.
        package init(requestID: String, unreadable body: [UInt8]) {
            self.requestID = requestID
            self.body = body
        }
    }

    /// One row of the ledger.
    package struct Delivery: Sendable {
        package let sending: Sending
        package let received: Span
        /// The first classification; a decision about the payment does not change it.
        package internal(set) var standing: Standing
        package internal(set) var payment: Int?
        /// The number of equal deliveries after this one.
        package internal(set) var repeats = 0

        /// Whether the status is SUCCESS, which makes a payment unless the service is foreign.
        var isSuccess: Bool { sending.notice?.status.map(Auditor.isSuccess) ?? false }
    }

    package struct Payment: Sendable {
        package internal(set) var standing: Standing
        package let classifiedAs: Standing
        package let flags: Set<Flag>
        /// The invoice number of the payment's bill.
        package internal(set) var bill: String?
        /// The invoice numbers of bills held by this payment although it may not belong to them: an
        /// unmatched payment with a bill's code, or one received before the bill existed.
        package internal(set) var heldBills: [String]
        /// The notified invoice number.
        package let invoiceNumber: String?
        package internal(set) var paymentCode: String?
        package let amount: Int64?
        package internal(set) var dated: Moment?
        package internal(set) var identifiers: [String: String]
        /// The indexes of the deliveries, oldest first.
        package internal(set) var deliveries: [Int]
        package internal(set) var resolution: Resolution?

        package var needsAttention: Bool {
            guard resolution == nil else { return false }
            switch standing {
            case .settled: return !flags.isEmpty
            case .duplicate, .amountMismatch, .afterCancel, .unmatched, .unreadable: return true
            case .foreign, .notSuccess: return false
            }
        }
    }

    /// The classification of a new payment.
    struct Verdict: Hashable {
        var standing: Standing
        var flags: Set<Flag> = []
        var bill: String?
        var heldBill: String?
        /// The new state of `bill` or `heldBill`; nil for no change.
        var state: BillState?
    }

    package enum Action: String, Sendable, CaseIterable {
        case accept, refunded, dismiss
    }

    /// A requested decision.
    package struct Resolution: Sendable, Hashable {
        package var action: Action
        /// The invoice number of the bill to settle.
        package var bill: String?
        package var note: String?

        package init(_ action: Action, bill: String? = nil, note: String? = nil) {
            self.action = action
            self.bill = bill
            self.note = note
        }
    }
}
