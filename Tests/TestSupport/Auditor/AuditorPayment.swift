// Deliveries and payments in the auditor's books: a payment is what one or more deliveries tell of.

import DokuSimulator
import LoketCore

extension Auditor {
    package enum Standing: String, Sendable, CaseIterable {
        case settled, duplicate, unmatched, foreign, unreadable
        case amountMismatch = "amount_mismatch"
        case afterCancel = "after_cancel"
        /// A delivery that makes no payment.
        case notSuccess = "not_success"
    }

    package enum Flag: String, Sendable, CaseIterable {
        case late
        case oldAmount = "old_amount"
        case codeDiffers = "code_differs"
    }

    /// A notification as it was sent, and what its sender knows of it.
    package struct Sending: Sendable {
        package var requestID: String
        package var body: [UInt8]
        /// Nil where the body is no notice at all.
        package var notice: PaymentNotice?
        /// The instant that the notice's date means; nil where it has none, or none to be read.
        package var dated: Moment?

        package init(
            requestID: String, notice: PaymentNotice, dated: Moment?
        ) {
            self.requestID = requestID
            self.body = notice.body
            self.notice = notice
            self.dated = dated
        }

        /// Bytes that are no notice.
        package init(requestID: String, unreadable body: [UInt8]) {
            self.requestID = requestID
            self.body = body
        }
    }

    /// One row of the ledger.
    package struct Delivery: Sendable {
        package let sending: Sending
        package let received: Span
        /// As first told; a payment's resolution does not change it.
        package internal(set) var standing: Standing
        package internal(set) var payment: Int?
        /// Equal deliveries behind the first.
        package internal(set) var repeats = 0

        /// What makes a payment of the account, were it not for its service.
        var isSuccess: Bool { sending.notice?.status.map(Auditor.isSuccess) ?? false }
    }

    package struct Payment: Sendable {
        package internal(set) var standing: Standing
        package let classifiedAs: Standing
        package let flags: Set<Flag>
        /// The invoice number of its bill.
        package internal(set) var bill: String?
        /// Bills that it holds although it is not their payment: unmatched, on a bill's code, or
        /// there before a bill that it may be for.
        package internal(set) var heldBills: [String]
        /// As notified.
        package let invoiceNumber: String?
        package internal(set) var paymentCode: String?
        package let amount: Int64?
        package internal(set) var dated: Moment?
        package internal(set) var identifiers: [String: String]
        /// Places in the auditor's deliveries, oldest first.
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

    /// What was decided on a new payment.
    struct Verdict: Hashable {
        var standing: Standing
        var flags: Set<Flag> = []
        var bill: String?
        var heldBill: String?
        /// The state that the bill, or the one held, is brought into.
        var state: BillState?
    }

    package enum Action: String, Sendable, CaseIterable {
        case accept, refunded, dismiss
    }

    /// As asked for.
    package struct Resolution: Sendable, Hashable {
        package var action: Action
        /// Invoice number of the bill to settle.
        package var bill: String?
        package var note: String?

        package init(_ action: Action, bill: String? = nil, note: String? = nil) {
            self.action = action
            self.bill = bill
            self.note = note
        }
    }
}
