// Editing an open bill, by whoever has seen it as it is now. Terms that it no longer has are kept:
// somebody may have been quoted them.

import GRDB
import LoketCore
import LoketSystem

/// What an edit sets; nil leaves as it is, a nil inside clears.
package struct BillEdit: Sendable {
    package var amount: Rupiah?
    package var expiresAt: Moment??
    package var info: String??
    package var customerName: String?
    package var customerEmail: String??
    package var metadata: String??

    package init() {}
}

package enum EditOutcome: Sendable {
    case edited(BillRecord)
    /// Somebody has changed it since.
    case changedSince(BillRecord)
    /// Not open any more.
    case closed(BillRecord)
    case unknown
}

extension BillStore {
    /// - Parameter mayEdit: whether the bill is still the one that the caller has seen.
    package func edit(
        id: Int64, _ edit: BillEdit, actor: String, now: Moment,
        mayEdit: @escaping @Sendable (BillRecord) -> Bool
    ) async throws -> EditOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
            guard mayEdit(record) else { return .changedSince(record) }
            guard record.bill.state == .open else { return .closed(record) }
            let bill = edit.applied(to: record.bill)
            let metadata = edit.metadata ?? record.metadata
            let changes = edit.changes(from: record)
            guard !changes.isEmpty else { return .edited(record) }
            try Self.rewrite(
                record, as: bill, metadata, detail: changes.joined(separator: ", "),
                actor: actor, now: now, in: database)
            let edited = try Self.fetch(id, in: database)
            try Event.tell(
                .billChanged, of: edited.bill, accountID: edited.accountID, at: now, in: database)
            return .edited(edited)
        }
    }

    /// An open bill with other terms or texts, and a line in its history.
    static func rewrite(
        _ record: BillRecord, as bill: Bill, _ metadata: String?, detail: String, actor: String,
        now: Moment, in database: Database
    ) throws {
        if bill.amount != record.bill.amount || bill.expiresAt != record.bill.expiresAt {
            try keepTerms(of: record.bill, until: now, in: database)
        }
        try write(bill, metadata, accountID: record.accountID, now: now, in: database)
        try noteChange(
            "changed", of: bill.id, detail: detail, actor: actor, now: now, in: database)
    }

    private static func keepTerms(
        of bill: Bill, until: Moment, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO bill_terms (bill_id, amount, expires_at, until, checksum)
                VALUES (?, ?, ?, ?, row_checksum(?1, ?2, ?3, ?4))
                """,
            arguments: [
                bill.id, bill.amount.whole, bill.expiresAt?.milliseconds, until.milliseconds,
            ])
    }

    private static func write(
        _ bill: Bill, _ metadata: String?, accountID: Int64, now: Moment, in database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE bill SET amount = ?, expires_at = ?, info = ?, customer_name = ?,
                    customer_email = ?, metadata = ?, changed_at = ?, checksum = ?,
                    record_checksum = \(BillRecord.checksum(metadata: "?6", changedAt: "?7"))
                WHERE id = ?
                """,
            arguments: [
                bill.amount.whole, bill.expiresAt?.milliseconds, bill.info, bill.customerName,
                bill.customerEmail, metadata, now.milliseconds,
                BillRow.checksum(of: bill, accountID: accountID), bill.id,
            ])
    }
}

extension BillEdit {
    func applied(to bill: Bill) -> Bill {
        Bill(
            id: bill.id, paymentCode: bill.paymentCode, invoiceNumber: bill.invoiceNumber,
            amount: amount ?? bill.amount, reusable: bill.reusable,
            expiresAt: expiresAt ?? bill.expiresAt, state: bill.state,
            cancelReason: bill.cancelReason, customerName: customerName ?? bill.customerName,
            customerEmail: customerEmail ?? bill.customerEmail, info: info ?? bill.info)
    }

    /// What differs, for the bill's history. Personal data is named and not repeated.
    func changes(from record: BillRecord) -> [String] {
        let (old, new) = (record.bill, applied(to: record.bill))
        var changes: [String] = []
        if new.amount != old.amount { changes.append("amount \(old.amount) to \(new.amount)") }
        if new.expiresAt != old.expiresAt {
            let (before, after) = (old.expiresAt?.exactUTCText, new.expiresAt?.exactUTCText)
            changes.append("expires_at \(before ?? "never") to \(after ?? "never")")
        }
        if !isSameText(new.info, old.info) { changes.append("info") }
        if !isSameText(new.customerName, old.customerName) { changes.append("customer.name") }
        if !isSameText(new.customerEmail, old.customerEmail) {
            changes.append("customer.email")
        }
        if let metadata, !isSameText(metadata, record.metadata) { changes.append("metadata") }
        return changes
    }
}

extension BillRecord {
    /// Names this state of the bill: any edit and any move gives another.
    package var version: String {
        let text = [
            "\(bill.id)", "\(BillRow.checksum(of: bill, accountID: accountID))",
            "\(changedAt.milliseconds)", metadata ?? "",
        ].joined(separator: "\n")
        let bits = SHA256Digest(of: Array(text.utf8)).leadingBits
        return String(bits, radix: 16)
    }
}
