// Compares the books with the ledger: every delivery is read again, every payment and every
// settlement is derived again, and the results are compared with the tables. Each finding names its
// row.

import Foundation
import GRDB
import LoketCore

package struct LedgerAudit: Sendable {
    package private(set) var problems: [String] = []
    package private(set) var deliveries = 0
    package private(set) var payments = 0
    package private(set) var head = Ledger.Head.empty

    private static let problemsMax = 200
    private var channels: ChannelReading?

    /// An empty audit.
    init() {}

    /// - Parameters:
    ///   - read: interprets a delivery's body with a version of the reader.
    ///   - watch: receives the progress.
    init(
        _ database: Database, read: DeliveryReader, watch: InspectionStage.Watch = { _ in }
    ) throws {
        var chain = LedgerChain()
        let rows = try Row.fetchCursor(
            database, sql: "\(LedgerRow.select) ORDER BY delivery.id")
        let last = try Ledger.head(in: database).number
        channels = try ChannelReading(in: database)
        while let raw = try rows.next() {
            deliveries += 1
            if Int64(deliveries) % InspectionStage.step == 0 {
                watch(.notifications(Int64(deliveries), of: last))
            }
            guard let row = try chain.follow(raw) else {
                report(
                    "notification \(chain.head.number) does not match the hash chain of the ledger")
                continue
            }
            do {
                try checkDelivery(row, read, in: database)
            } catch let fault as StoreFault {
                report("\(fault)")
            }
        }
        head = chain.head
        var books = BookAudit(database: database)
        try books.check()
        payments = books.payments
        for problem in books.problems { report(problem) }
        for problem in try WordAudit(database).problems { report(problem) }
    }

    private mutating func report(_ problem: String) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    // MARK: Deliveries

    private mutating func checkDelivery(
        _ row: LedgerRow, _ read: DeliveryReader, in database: Database
    ) throws {
        let number = row.number
        guard
            let note = try database.row(
                """
                SELECT notification.*, delivery.source FROM notification
                JOIN delivery ON delivery.id = delivery_id WHERE delivery_id = ?1
                """, [number]
            ).map({ TableRow($0, of: "notification") })
        else { return report("notification \(number) is not classified") }
        guard let reader = ReaderVersion(rawValue: try note.value("reader")) else {
            return report("notification \(number) was read by an unknown version of loket")
        }
        let contents = read(row.delivery, reader)
        let isWithoutChannel = channels?.isDue(number) == true
        guard
            (try? Self.says(
                note, contents.status, contents.reading.receipt, withChannel: !isWithoutChannel))
                == true
        else {
            return report("the recorded fields of notification \(number) differ from its body")
        }
        let paymentID: Int64? = try note.value("payment_id")
        let isReadableNow = {
            reader != .current
                && AttentionKind.isReadableNow(
                    read(row.delivery, .current).reading, wasDismissed: false)
        }
        if try !isListed(
            row, contents, paymentID: paymentID, isReadableNow: isReadableNow, in: database)
        {
            report("notification \(number) does not match the attention list")
        }
        if case .notSuccess = contents.reading {
            if paymentID != nil {
                report("notification \(number) reports no payment but is linked to one")
            }
            return
        }
        guard let paymentID,
            try belongs(
                row, contents.reading, to: paymentID, wasPending: note.value("was_pending"),
                in: database)
        else {
            return report("notification \(number) does not report the payment \(paymentID ?? 0)")
        }
    }

    private static func says(
        _ note: TableRow, _ status: String?, _ receipt: ReportedPayment?, withChannel: Bool
    ) throws -> Bool {
        let identifiers = Identifiers.read(try note.value("identifiers"))
        return try note.value("status") as String? == status.map(noted)
            && note.value("invoice_number") as String? == receipt?.invoiceNumber.map(noted)
            && note.value("payment_code") as String? == receipt?.codeText.map(noted)
            && note.value("amount") as Int64? == receipt?.amount?.whole
            && note.value("date_text") as String? == receipt?.dateText.map(noted)
            && note.value("channel") as String?
                == (withChannel ? receipt?.channelID.map(noted) : nil)
            && note.value("is_our_service") as Bool == (receipt?.isOurService ?? true)
            && identifiers == receipt?.identifiers ?? []
    }

    /// Returns whether the attention list contains the entries that a delivery requires, and no
    /// other entry about the delivery.
    ///
    /// - Parameter isReadableNow: returns whether the current version reads a delivery that an
    ///   earlier version could not read.
    private func isListed(
        _ row: LedgerRow, _ contents: (status: String?, reading: DeliveryReading),
        paymentID: Int64?,
        isReadableNow: () -> Bool, in database: Database
    ) throws -> Bool {
        let delivery = row.delivery
        let due = try Attention.Due(
            ofDelivery: row.number, accountID: delivery.accountID, isSigned: delivery.isSigned,
            status: contents.status, reading: contents.reading, paymentID: paymentID, in: database)
        if due.isPaymentLate { return true }
        let entries = try database.rows(
            "\(AttentionRecord.select) WHERE attention.delivery_id = ?1", [row.number]
        ).compactMap { try? AttentionRecord($0) }
        let follow = entries.allSatisfy {
            let isDue = $0.kind == .readableNow ? isReadableNow() : due.kinds.contains($0.kind)
            return isDue && $0.paymentID == due.paymentID && $0.accountID == delivery.accountID
        }
        // A delivery recorded before the list existed may have no entry.
        let count = entries.count { $0.kind != .readableNow }
        return follow && (delivery.isSigned == nil || count == due.kinds.count)
    }

    /// Returns whether a delivery reports this payment, as its first or as a further report.
    private func belongs(
        _ row: LedgerRow, _ reading: DeliveryReading, to paymentID: Int64, wasPending: Bool,
        in database: Database
    ) throws -> Bool {
        let first = try database.integer(
            "SELECT delivery_id FROM payment WHERE id = ?1", [paymentID])
        // Only a delivery classified late can belong to a payment that began after the delivery.
        guard let first, first <= row.number || wasPending else { return false }
        guard case .success(let receipt) = reading, let invoice = receipt.invoiceNumber,
            isNotedWhole(invoice), receipt.amount != nil
        else { return first == row.number }
        let known = try database.integers(
            """
            SELECT id FROM payment
            WHERE account_id = ?1 AND invoice_number = ?2 AND id <= ?3
                AND classified_as <> 'unreadable'
            ORDER BY id
            """, [row.delivery.accountID, invoice, paymentID])
        for id in known {
            // A delivery classified late was matched with later notifications too.
            let cameLate = wasPending && id == paymentID
            let receipts = try PaymentBook.receipts(
                of: id, before: cameLate ? .max : row.number, except: row.number, in: database)
            if SamePayment.isSame(receipt, of: receipts) { return id == paymentID }
        }
        return first == row.number
    }
}
