// The books checked against the ledger: every delivery is read again, every payment and every
// settlement derived again, and what the tables say is compared. Each finding names its row.

import Foundation
import GRDB
import LoketCore

package struct LedgerAudit: Sendable {
    package private(set) var problems: [String] = []
    package private(set) var deliveries = 0
    package private(set) var payments = 0
    package private(set) var head = Ledger.Head.empty

    private static let problemsMax = 200

    /// - Parameter read: what a delivery's body says.
    init(_ database: Database, read: ReadDelivery) throws {
        var chain = LedgerChain()
        let rows = try Row.fetchCursor(
            database, sql: "\(LedgerRow.select) ORDER BY delivery.id")
        while let raw = try rows.next() {
            deliveries += 1
            let number: Int64 = raw["id"]
            guard chain.follow(raw) else {
                report("notification \(number) does not fit the chain of the ledger")
                continue
            }
            guard let row = LedgerRow(raw) else { continue }
            try checkDelivery(row, read(row.delivery), in: database)
        }
        head = chain.head
        try checkPayments(in: database)
        try checkBills(in: database)
    }

    private mutating func report(_ problem: String) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    // MARK: Deliveries

    private mutating func checkDelivery(
        _ row: LedgerRow, _ told: (status: String?, reading: Reading), in database: Database
    ) throws {
        let number = row.number
        guard
            let note = try Row.fetchOne(
                database,
                sql: """
                    SELECT notification.*, delivery.source FROM notification
                    JOIN delivery ON delivery.id = delivery_id WHERE delivery_id = ?
                    """,
                arguments: [number])
        else { return report("notification \(number) is not classified") }
        let receipt: Receipt? =
            switch told.reading {
            case .success(let receipt), .notSuccess(let receipt): receipt
            case .unreadable(let receipt): receipt
            }
        guard note["status"] == told.status.map(noted), Self.says(note, receipt) else {
            return report("notification \(number) was noted otherwise than its body says")
        }
        let paymentID: Int64? = note["payment_id"]
        if case .notSuccess = told.reading {
            if paymentID != nil { report("notification \(number) is no payment and has one") }
            return
        }
        let expected = try payment(of: row, told.reading, in: database)
        guard let paymentID, paymentID == expected else {
            return report("notification \(number) does not belong to payment \(paymentID ?? 0)")
        }
    }

    private static func says(_ note: Row, _ receipt: Receipt?) -> Bool {
        note["invoice_number"] == receipt?.invoiceNumber.map(noted)
            && note["payment_code"] == receipt?.codeText.map(noted)
            && note["amount"] == receipt?.amount?.whole
            && note["date_text"] == receipt?.dateText.map(noted)
            && note["is_our_service"] == (receipt?.isOurService ?? true)
            && Identifiers.read(note["identifiers"]) == receipt?.identifiers ?? []
    }

    /// The payment that a delivery tells of: a known one, or the one that it began.
    private func payment(
        of row: LedgerRow, _ reading: Reading, in database: Database
    ) throws -> Int64? {
        if case .success(let receipt) = reading, let invoice = receipt.invoiceNumber,
            receipt.amount != nil
        {
            let known = try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM payment
                    WHERE account_id = ? AND invoice_number = ? AND delivery_id < ?
                        AND classified_as <> 'unreadable'
                    ORDER BY id
                    """,
                arguments: [row.delivery.accountID, noted(invoice), row.number])
            for id in known {
                let receipts = try PaymentBook.receipts(
                    of: id, before: row.number, in: database)
                if SamePayment.tells(receipt, of: receipts) { return id }
            }
        }
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM payment WHERE delivery_id = ?",
            arguments: [row.number])
    }

    // MARK: Payments

    private mutating func checkPayments(in database: Database) throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT \(PaymentRecord.columns) FROM payment ORDER BY id")
        while let row = try rows.next() {
            payments += 1
            do {
                try check(PaymentRecord(row), in: database)
            } catch StoreFault.damagedPayment(let id) {
                report("payment \(id) does not match its checksum")
            }
        }
    }

    private mutating func check(_ payment: PaymentRecord, in database: Database) throws {
        let receipts = try PaymentBook.receipts(
            of: payment.id, before: payment.deliveryID + 1, in: database)
        guard let first = receipts.last else {
            return report("payment \(payment.id) has no notification")
        }
        if let derived = try derive(payment, first, in: database) {
            let isSame =
                derived.made.standing == payment.classifiedAs
                && derived.made.flags == payment.flags
                && derived.held == payment.heldBillID
            if !isSame {
                report(
                    "payment \(payment.id) is \(payment.classifiedAs.rawValue); the ledger makes "
                        + "it \(derived.made.standing.rawValue)")
            }
        }
        let accepted = payment.resolution?.action == .accept
        let standing = accepted ? Standing.settled : payment.classifiedAs
        let isOpen = payment.resolution == nil
        let needs = isOpen && (payment.classifiedAs.needsDecision || !payment.flags.isEmpty)
        guard payment.standing == standing, payment.needsAttention == needs else {
            return report("payment \(payment.id) does not follow from how it was resolved")
        }
    }

    /// Nil where its bill's row is damaged, which is told of the bill.
    private func derive(
        _ payment: PaymentRecord, _ receipt: Receipt, in database: Database
    ) throws -> (made: Classification, held: Int64?)? {
        if payment.classifiedAs == .unreadable { return (Classification(.unreadable), nil) }
        guard receipt.isOurService else { return (Classification(.foreign), nil) }
        let match = try BillMatch.find(
            receipt, accountID: payment.accountID, upTo: payment.billHorizon, in: database)
        switch match {
        case .damaged: return nil
        case .bill(let record):
            if payment.flags.contains(.billDamaged) { return nil }  // and mended since
            let history = try PastBill.history(
                of: record, before: payment.deliveryID, in: database)
            let made = Classify.classify(receipt, against: history, now: payment.receivedAt)
            return (made, made.effect == .hold ? record.bill.id : nil)
        case .nothing:
            guard payment.codeIsOurs else { return (Classification(.foreign), nil) }
            let holder = try PastBill.holder(
                of: receipt.codeText, accountID: payment.accountID, upTo: payment.billHorizon,
                before: payment.deliveryID, in: database)
            let made = Classify.classifyUnmatched(holder: holder)
            return (made, made.effect == .hold ? holder?.id : nil)
        }
    }

    // MARK: Bills

    /// A single-use bill is paid exactly where one payment paid it, and every bill is in the state
    /// that its history ends with.
    private mutating func checkBills(in database: Database) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id FROM bill
                WHERE state IN ('paid', 'held') OR id IN (SELECT bill_id FROM bill_change)
                    OR id IN (SELECT paid_bill_id FROM payment)
                """)
        while let row = try rows.next() {
            let id: Int64 = row[0]
            // A damaged row is told of with all the others.
            guard let record = try? BillStore.page(of: id, in: database) else { continue }
            let state = try PastBill.state(of: record, in: database)
            if state != record.bill.state {
                report("bill \(id) is \(record.bill.state.rawValue); its history ends \(state)")
            }
            let payers = try Int64.fetchAll(
                database, sql: "SELECT id FROM payment WHERE paid_bill_id = ?", arguments: [id])
            let wasSeeded = record.history.isEmpty
            if record.bill.state == .paid, payers.isEmpty, !wasSeeded {
                report("bill \(id) is paid and no payment paid it")
            }
            if let payer = payers.first, record.bill.state != .paid {
                report("bill \(id) is \(record.bill.state.rawValue); payment \(payer) paid it")
            }
        }
    }
}
