// Books a delivery within the transaction that records it: whether it is a payment, whether the
// payment is known, whose bill it is for, and its effect. LoketCore makes these decisions; this
// file only looks up the data and stores the results.

import Foundation
import GRDB
import LoketCore

struct PaymentBook {
    let database: Database
    let deliveryID: Int64
    let accountID: Int64
    let receivedAt: Moment
    let source: ReportedPayment.Source
    let isSigned: Bool?
    let contents: DeliveryContents
    /// Whether the delivery was recorded before this start.
    let wasPending: Bool

    func enter() throws -> PaymentOutcome {
        let entry = try enterReading()
        let due = try Attention.Due(
            ofDelivery: deliveryID, accountID: accountID, isSigned: isSigned,
            status: contents.status, reading: contents.reading, paymentID: entry.paymentID,
            in: database)
        for kind in due.kinds {
            try Attention.raise(
                kind, deliveryID: deliveryID, accountID: accountID, paymentID: due.paymentID,
                at: receivedAt, in: database)
        }
        return entry
    }

    private func enterReading() throws -> PaymentOutcome {
        switch contents.reading {
        case .notSuccess(let receipt):
            try note(
                receipt, identifiers: Identifiers.text(receipt.identifiers), paymentID: nil)
            return PaymentOutcome(standing: .notSuccess, paymentID: nil, isNew: false)
        case .unreadable(let receipt):
            return try open(receipt, Finding(Classification(.unreadable)))
        case .success(let receipt):
            if let known = try known(receipt) { return try join(receipt, known) }
            return try open(receipt, finding(receipt))
        }
    }

    // MARK: A known payment

    /// Returns the oldest payment that the receipt reports.
    private func known(_ receipt: ReportedPayment) throws -> PaymentRecord? {
        guard let number = receipt.invoiceNumber, isNotedWhole(number), receipt.amount != nil
        else { return nil }
        // Usually there is none.
        let probe = try CachedStatement(
            "SELECT 1 FROM payment WHERE account_id = ?1 AND invoice_number = ?2", in: database)
        probe.bind(accountID, at: 1)
        probe.bind(noted(number), at: 2)
        guard try probe.integer() != nil else { return nil }
        let rows = try database.rows(
            """
            SELECT \(PaymentRecord.columns) FROM payment
            WHERE account_id = ?1 AND invoice_number = ?2 AND classified_as <> 'unreadable'
            ORDER BY id
            """, [accountID, noted(number)])
        for row in rows {
            let payment = try PaymentRecord(row)
            let receipts = try Self.receipts(of: payment.id, in: database)
            if SamePayment.isSame(receipt, of: receipts) { return payment }
        }
        return nil
    }

    /// Returns every receipt of a payment, oldest first.
    ///
    /// - Parameters:
    ///   - number: only deliveries before this number.
    ///   - other: a delivery to leave out.
    static func receipts(
        of paymentID: Int64, before number: Int64 = .max, except other: Int64 = 0,
        in database: Database
    ) throws -> [ReportedPayment] {
        try database.rows(
            """
            SELECT notification.*, delivery.source FROM notification
            JOIN delivery ON delivery.id = notification.delivery_id
            WHERE payment_id = ?1 AND delivery_id < ?2 AND delivery_id <> ?3
            ORDER BY delivery_id
            """, [paymentID, number, other]
        ).compactMap { try? ReportedPayment($0) }
    }

    /// Adds a repeat to a payment: only fills in missing values.
    private func join(_ receipt: ReportedPayment, _ payment: PaymentRecord) throws -> PaymentOutcome
    {
        try note(
            receipt, identifiers: Identifiers.text(receipt.identifiers), paymentID: payment.id)
        let known = Set(payment.identifiers.map(\.name))
        let all = payment.identifiers + receipt.identifiers.filter { !known.contains($0.name) }
        try database.run(
            """
            UPDATE payment SET payment_code = coalesce(payment_code, ?1),
                paid_at = coalesce(paid_at, ?2), identifiers = ?3
            WHERE id = ?4
            """,
            [
                receipt.codeText.map(noted), receipt.date?.milliseconds,
                try Identifiers.text(all), payment.id,
            ])
        try PaymentRow.seal(payment.id, in: database)
        return PaymentOutcome(standing: payment.standing, paymentID: payment.id, isNew: false)
    }

    // MARK: A new payment

    /// A classification and the bills that it concerns.
    struct Finding {
        let classification: Classification
        /// The bill found by the invoice number.
        var bill: BillRecord?
        /// The id of this bill if its row is damaged.
        var damagedBillID: Int64?
        /// The bill that the payment pays or holds.
        var touched: BillRecord?

        init(_ classification: Classification) {
            self.classification = classification
        }
    }

    private func finding(_ receipt: ReportedPayment) throws -> Finding {
        guard receipt.isOurService else { return Finding(Classification(.foreign)) }
        switch try BillMatch.find(receipt, accountID: accountID, in: database) {
        case .bill(let record):
            let history = try BillHistory(of: record, in: database)
            var finding = Finding(
                Classify.classify(receipt, against: history, now: receivedAt))
            finding.bill = record
            if finding.classification.effect != .none { finding.touched = record }
            return finding
        case .damaged(let id):
            var finding = Finding(Classification(.unmatched, flags: [.billDamaged]))
            finding.damagedBillID = id
            return finding
        case .nothing:
            guard contents.codeIsOurs else { return Finding(Classification(.foreign)) }
            let holder = try BillMatch.holder(
                of: receipt.codeText, accountID: accountID, in: database)
            var finding = Finding(Classify.classifyUnmatched(holder: holder?.bill))
            if finding.classification.effect == .hold { finding.touched = holder }
            return finding
        }
    }

    private func open(_ receipt: ReportedPayment?, _ finding: Finding) throws -> PaymentOutcome {
        let made = finding.classification
        let identifiers = try Identifiers.text(receipt?.identifiers ?? [])
        let payment = try PaymentRow.insert(
            PaymentRow.New(
                accountID: accountID, deliveryID: deliveryID,
                billID: finding.bill?.bill.id ?? finding.damagedBillID, receipt: receipt,
                source: source, receivedAt: receivedAt, standing: made.standing, flags: made.flags,
                heldBillID: made.effect == .hold ? finding.touched?.bill.id : nil,
                paidBillID: made.effect == .pay ? finding.touched?.bill.id : nil,
                codeIsOurs: contents.codeIsOurs),
            identifiers: identifiers, in: database)
        try note(receipt, identifiers: identifiers, paymentID: payment.id)
        let touched = try apply(made.effect, to: finding.touched, paymentID: payment.id)
        var sums = HourSums()
        sums.add(
            .paid, made.standing.rawValue, at: receivedAt, accountID: accountID,
            amount: receipt?.amount?.whole ?? 0)
        try sums.write(in: database)
        let own = [touched, finding.bill?.bill].compactMap(\.self).first { $0.id == payment.billID }
        try Event.add(ofNew: payment, bill: own, at: receivedAt, in: database)
        return PaymentOutcome(
            standing: made.standing, paymentID: payment.id, isNew: true,
            needsDecision: payment.needsAttention, heldBillID: payment.heldBillID)
    }

    /// - Returns: the bill as it is now; nil if the payment has none.
    private func apply(
        _ effect: Classification.Effect, to bill: BillRecord?, paymentID: Int64
    ) throws -> Bill? {
        guard let bill else { return nil }
        let state: Bill.State
        switch effect {
        case .pay: state = .paid
        case .hold where bill.bill.state == .open: state = .held
        // A bill that is already held is now held for this payment too.
        case .none, .hold: return bill.bill
        }
        return try Store.setState(
            state, of: bill, paymentID: paymentID, now: receivedAt, in: database
        ).bill
    }

    // MARK: The fields of the delivery

    private func note(
        _ receipt: ReportedPayment?, identifiers: String, paymentID: Int64?
    ) throws {
        let statement = try CachedStatement(Self.insertion, in: database)
        statement.bind(deliveryID, at: 1)
        statement.bind(paymentID, at: 2)
        statement.bind(contents.status.map(noted), at: 3)
        statement.bind(receipt?.invoiceNumber.map(noted), at: 4)
        statement.bind(receipt?.codeText.map(noted), at: 5)
        statement.bind(receipt?.amount?.whole, at: 6)
        statement.bind(receipt?.dateText.map(noted), at: 7)
        statement.bind(receipt?.channelID.map(noted), at: 8)
        statement.bind(identifiers, at: 9)
        statement.bind(receipt?.isOurService ?? true ? 1 : 0, at: 10)
        statement.bind(wasPending ? 1 : 0, at: 11)
        statement.bind(Int64(ReaderVersion.current.rawValue), at: 12)
        try statement.run()
    }

    private static let insertion = """
        INSERT INTO notification (
            delivery_id, payment_id, status, invoice_number, payment_code, amount,
            date_text, channel, identifiers, is_our_service, was_pending, reader
        ) VALUES (\(Array(1...12).parameters))
        """
}

/// Returns a text shortened for storage in a column; the raw body has the whole text.
func noted(_ text: String) -> String {
    let text = text.withoutNUL
    return text.utf8.count <= Limits.notedTextMax ? text : String(text.prefix(Limits.notedTextMax))
}

/// Returns whether a text is stored whole. Only then do equal stored texts mean equal originals.
func isNotedWhole(_ text: String) -> Bool {
    text.utf8.count <= Limits.notedTextMax && !text.utf8.contains(0)
}
