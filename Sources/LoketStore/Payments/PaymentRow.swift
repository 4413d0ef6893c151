// A payment's row: its insertion with a checksum over every column, which every later change renews
// with `seal`.

import GRDB
import LoketCore

enum PaymentRow {
    /// A newly classified payment.
    struct New {
        let accountID: Int64
        let deliveryID: Int64
        let billID: Int64?
        let receipt: ReportedPayment?
        let source: ReportedPayment.Source
        let receivedAt: Moment
        let standing: Standing
        let flags: Set<PaymentFlag>
        let heldBillID: Int64?
        let paidBillID: Int64?
        let codeIsOurs: Bool
    }

    /// Inserts the row with its checksum.
    ///
    /// - Parameter identifiers: those of the receipt as one text.
    static func insert(
        _ new: New, identifiers: String, in database: Database
    ) throws -> PaymentRecord {
        let (id, horizon) = try place(in: database)
        let receipt = new.receipt
        let payment = PaymentRecord(
            id: id, accountID: new.accountID, deliveryID: new.deliveryID, billID: new.billID,
            invoiceNumber: receipt?.invoiceNumber.map(noted),
            paymentCode: receipt?.codeText.map(noted), amount: receipt?.amount?.whole,
            paidAt: receipt?.date, identifiers: receipt?.identifiers ?? [], source: new.source,
            receivedAt: new.receivedAt, classifiedAs: new.standing, standing: new.standing,
            flags: new.flags, heldBillID: new.heldBillID, paidBillID: new.paidBillID,
            resolution: nil, horizon: horizon, codeIsOurs: new.codeIsOurs,
            needsAttention: new.standing.needsDecision || !new.flags.isEmpty)
        var row = RowWriter(try CachedStatement(insertion, in: database))
        row.put(payment.id)
        row.put(payment.accountID)
        row.put(payment.deliveryID)
        row.put(payment.billID)
        row.put(payment.invoiceNumber)
        row.put(payment.paymentCode)
        row.put(payment.amount)
        row.put(payment.paidAt?.milliseconds)
        row.put(identifiers)
        row.put(payment.source.rawValue)
        row.put(payment.receivedAt.milliseconds)
        row.put(payment.classifiedAs.rawValue)
        row.put(payment.standing.rawValue)
        row.put(payment.flags.words.joined(separator: " "))
        row.put(payment.heldBillID)
        row.put(payment.paidBillID)
        for _ in 0..<resolutionColumns { row.put(nil as Int64?) }
        row.put(horizon.bill)
        row.put(horizon.change)
        row.put(horizon.terms)
        row.put(payment.codeIsOurs ? 1 : 0)
        row.put(payment.needsAttention ? 1 : 0)
        try row.insert()
        return payment
    }

    private static let resolutionColumns = 5
    private static let insertion = """
        INSERT INTO payment (\(PaymentRecord.columns))
        VALUES (\(Array(1...PaymentRecord.columnNames.count).parameters))
        """

    /// Binds a row's values in the order of the columns, and computes its checksum.
    private struct RowWriter {
        private let statement: CachedStatement
        private var bytes = ChecksumBytes(capacity: 768)
        private var count = 0

        init(_ statement: CachedStatement) {
            self.statement = statement
        }

        mutating func put(_ number: Int64?) {
            bytes.add(name: PaymentRecord.columnNames[count])
            bytes.add(number)
            count += 1
            statement.bind(number, at: Int32(count))
        }

        mutating func put(_ text: String?) {
            bytes.add(name: PaymentRecord.columnNames[count])
            bytes.add(text)
            count += 1
            statement.bind(text, at: Int32(count))
        }

        /// Inserts the row. The last column is the checksum.
        func insert() throws {
            precondition(count + 1 == PaymentRecord.columnNames.count, "a column is missing")
            statement.bind(bytes.checksum, at: Int32(count + 1))
            try statement.run()
        }
    }

    /// Returns the next id, and the last rows before this payment.
    private static func place(in database: Database) throws -> (id: Int64, horizon: Horizon) {
        let statement = try CachedStatement(
            """
            SELECT (SELECT coalesce(max(id), 0) + 1 FROM payment),
                (SELECT coalesce(max(id), 0) FROM bill),
                (SELECT coalesce(max(id), 0) FROM bill_change),
                (SELECT coalesce(max(id), 0) FROM bill_terms)
            """, in: database)
        defer { statement.reset() }
        guard try statement.step(), let id = statement.integer(0), let bill = statement.integer(1),
            let change = statement.integer(2), let terms = statement.integer(3)
        else { throw StoreFault.damagedRow(table: "payment", row: nil) }
        return (id, Horizon(bill: bill, change: change, terms: terms))
    }

    private static let selectByID =
        "SELECT \(PaymentRecord.columns) FROM payment WHERE id = ?1"

    /// Computes the checksum of the row's current values and stores it.
    static func seal(_ id: Int64, in database: Database) throws {
        guard let row = try database.row(selectByID, [id]) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        try database.run(
            "UPDATE payment SET checksum = ?1 WHERE id = ?2", [RowChecksum.of(row), id])
    }

    static func find(_ id: Int64, in database: Database) throws -> PaymentRecord? {
        try database.row(selectByID, [id]).map { try PaymentRecord($0) }
    }

    /// Returns a payment that must exist.
    static func fetch(_ id: Int64, in database: Database) throws -> PaymentRecord {
        guard let payment = try find(id, in: database) else {
            throw StoreFault.damagedRow(table: "payment", row: id)
        }
        return payment
    }
}
