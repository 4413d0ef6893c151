// Compares payments and bills with each other and with the content of the deliveries: the effect of
// every payment on its bill is derived again from the rows that existed at classification.

import GRDB
import LoketCore

struct BookAudit {
    private(set) var problems: [String] = []
    private(set) var payments = 0
    private let database: Database

    init(database: Database) {
        self.database = database
    }

    mutating func check() throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT \(PaymentRecord.columns) FROM payment ORDER BY id")
        var holds = try HoldAudit(database: database)
        while let row = try rows.next() {
            payments += 1
            do {
                let payment = try PaymentRecord(row)
                try check(payment)
                try holds.check(payment)
            } catch StoreFault.damagedPayment(let id) {
                problems.append("payment \(id) does not match its checksum")
            } catch let fault as StoreFault {
                problems.append("\(fault)")
            }
        }
        problems += holds.problems
        try checkBills()
        try checkRecords()
    }

    // MARK: Payments

    private mutating func check(_ payment: PaymentRecord) throws {
        let receipts = try PaymentBook.receipts(of: payment.id, in: database)
        let reported = try PaymentBook.receipts(
            of: payment.id, before: payment.deliveryID + 1, in: database)
        guard let first = reported.last,
            let receivedAt = try database.integer(
                "SELECT received_at FROM delivery WHERE id = ?1", [payment.deliveryID])
        else {
            problems.append("payment \(payment.id) has no notification in the ledger")
            return
        }
        let ordered = [first] + receipts.filter { $0 != first }
        let says =
            payment.invoiceNumber == first.invoiceNumber && payment.amount == first.amount?.whole
            && payment.source == first.source && payment.receivedAt.milliseconds == receivedAt
            && payment.paymentCode == ordered.lazy.compactMap(\.codeText).first
            && payment.paidAt == ordered.lazy.compactMap(\.date).first
            && Set(payment.identifiers.map(\.name))
                == Set(ordered.flatMap { $0.identifiers.map(\.name) })
            && payment.identifiers.allSatisfy { identifier in
                ordered.contains { $0.identifiers.contains(identifier) }
            }
        if !says { problems.append("payment \(payment.id) differs from its notifications") }
        try checkStanding(of: payment, first)
    }

    private mutating func checkStanding(of payment: PaymentRecord, _ first: ReportedPayment) throws
    {
        var derived: Derived?
        if let made = try derive(payment, first) {
            derived = made
            let isSame =
                made.classification.standing == payment.classifiedAs
                && made.classification.flags == payment.flags
                && made.held == payment.heldBillID
            if !isSame {
                problems.append(
                    "payment \(payment.id) is recorded as \(payment.classifiedAs.rawValue), but "
                        + "by the ledger it is \(made.classification.standing.rawValue)")
            }
        }
        let accepted = payment.resolution?.action == .accept
        let standing = accepted ? Standing.settled : payment.classifiedAs
        let needs =
            payment.resolution == nil
            && (payment.classifiedAs.needsDecision || !payment.flags.isEmpty)
        let isResolvedSo = payment.standing == standing && payment.needsAttention == needs
        let isOfBills = try derived.map { try billsFit(payment, $0) } ?? true
        if !isResolvedSo || !isOfBills {
            problems.append("the state of payment \(payment.id) does not match its decision")
        }
    }

    /// Returns whether the matched and paid bills are right.
    private func billsFit(_ payment: PaymentRecord, _ derived: Derived) throws -> Bool {
        let paidByItself = derived.classification.effect == .pay ? derived.found : nil
        guard let resolution = payment.resolution, resolution.action == .accept else {
            return payment.billID == derived.found && payment.paidBillID == paidByItself
        }
        guard payment.billID == resolution.billID else { return false }
        if payment.classifiedAs == .settled { return payment.paidBillID == paidByItself }
        guard let id = resolution.billID,
            let record = try? Store.record(id: id, in: database)
        else { return resolution.billID != nil }
        return payment.paidBillID == (record.bill.reusable ? nil : id)
    }

    private struct Derived {
        let classification: Classification
        /// The bill that matches the invoice number.
        var found: Int64?
        var held: Int64?
    }

    private func wasDamaged(_ billID: Int64) throws -> Bool {
        try database.integer(
            "SELECT 1 FROM bill_change WHERE bill_id = ?1 AND change = 'damaged' LIMIT 1", [billID])
            != nil
    }

    /// Returns nil if the bill's row is damaged, or was when the payment arrived: the bill is
    /// reported then.
    private func derive(_ payment: PaymentRecord, _ receipt: ReportedPayment) throws -> Derived? {
        // The content of a bill before its row was damaged is unknown.
        for id in [payment.billID, payment.heldBillID].compactMap(\.self) {
            if try wasDamaged(id) { return nil }
        }
        if payment.classifiedAs == .unreadable {
            return Derived(classification: Classification(.unreadable))
        }
        guard receipt.isOurService else {
            return Derived(classification: Classification(.foreign))
        }
        let horizon = payment.horizon
        switch try BillMatch.find(
            receipt, accountID: payment.accountID, upTo: horizon.bill, in: database)
        {
        case .damaged: return nil
        case .bill where payment.flags.contains(.billDamaged): return nil
        case .bill(let record):
            let history = try BillHistory(of: record, at: horizon, in: database)
            let made = Classify.classify(receipt, against: history, now: payment.receivedAt)
            let id = record.bill.id
            return Derived(
                classification: made, found: id, held: made.effect == .hold ? id : nil)
        case .nothing:
            guard payment.codeIsOurs else {
                return Derived(classification: Classification(.foreign))
            }
            let holder = try receipt.codeText.flatMap {
                try Store.holder(
                    of: $0, accountID: payment.accountID, at: horizon, in: database)
            }
            let made = Classify.classifyUnmatched(holder: holder)
            return Derived(
                classification: made, held: made.effect == .hold ? holder?.id : nil)
        }
    }

    // MARK: Bills

    /// Checks that a single-use bill is paid exactly if one payment paid it, and that every bill is
    /// in the last state of its history.
    private mutating func checkBills() throws {
        let ids = try Int64.fetchCursor(
            database,
            sql: """
                SELECT id FROM bill
                WHERE state <> 'open' OR id IN (SELECT bill_id FROM bill_change)
                    OR id IN (SELECT paid_bill_id FROM payment)
                """)
        while let id = try ids.next() {
            // Damaged rows of bills are reported elsewhere.
            guard let bill = try? Store.record(id: id, in: database)?.bill else { continue }
            let state = try BillHistory.state(of: id, in: database)
            if state != bill.state {
                problems.append(
                    "bill \(id) is \(bill.state.rawValue), but by its history \(state.rawValue)")
            }
            let payer = try database.integer("SELECT id FROM payment WHERE paid_bill_id = ?1", [id])
            if bill.state == .paid, payer == nil, try !wasSeeded(id) {
                problems.append("bill \(id) is paid, but no payment for it is recorded")
            }
            if let payer, bill.state != .paid {
                problems.append(
                    "bill \(id) is \(bill.state.rawValue), but payment \(payer) has paid it")
            }
        }
    }

    /// Checks the columns of a bill that no answer contains, and the entries of its history.
    private mutating func checkRecords() throws {
        let checked = [
            (
                "SELECT id FROM bill WHERE record_checksum <> \(BillRecord.checksum())",
                "has a creator, times or metadata that do not match their checksum"
            ),
            (
                """
                SELECT bill_id FROM bill_change
                WHERE checksum <> row_checksum(bill_id, at, change, actor, detail, payment_id)
                """, "has an entry in its history that does not match its checksum"
            ),
            (
                """
                SELECT bill_id FROM bill_terms
                WHERE checksum <> \(Store.termsChecksum())
                """, "has earlier terms that do not match their checksum"
            ),
        ]
        for (sql, finding) in checked {
            let ids = try Int64.fetchCursor(database, sql: sql)
            while let id = try ids.next() { problems.append("bill \(id) \(finding)") }
        }
    }

    private func wasSeeded(_ id: Int64) throws -> Bool {
        try database.isTrue(
            "SELECT EXISTS (SELECT 1 FROM bill_change WHERE bill_id = ?1 AND actor = ?2)",
            [id, Store.seeder])
    }
}
