// Edits an open bill, for a caller that has seen its current version, and removes the customer's
// data from a closed bill. Former terms are stored, because a customer may have been quoted them.
// Amounts owed and paid, and the ledger, do not change.

import GRDB
import LoketCore
import LoketSystem

/// The fields that an edit sets. Nil leaves a field unchanged; an inner nil clears it.
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
    /// The bill changed after the read.
    case changedSince(BillRecord)
    /// The bill is not open any more.
    case closed(BillRecord)
    case unknown
}

extension Store {
    /// - Parameter mayEdit: returns whether the bill is still the version that the caller has seen.
    package func edit(
        id: Int64, _ edit: BillEdit, actor: String, now: Moment,
        mayEdit: @escaping @Sendable (BillRecord) -> Bool
    ) async throws -> EditOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
            guard mayEdit(record) else { return .changedSince(record) }
            guard record.bill.state == .open else { return .closed(record) }
            let changes = edit.changes(from: record)
            guard !changes.isEmpty else { return .edited(record) }
            try Self.rewrite(
                record, by: edit, detail: changes.joined(separator: ", "), actor: actor, now: now,
                in: database)
            let edited = try Self.fetch(id, in: database)
            try Event.add(
                .billChanged, of: edited.bill, accountID: edited.accountID, at: now, in: database)
            return .edited(edited)
        }
    }

    /// Changes the terms or texts of an open bill, and adds an entry to its history.
    ///
    /// - Returns: the changed bill.
    @discardableResult
    static func rewrite(
        _ record: BillRecord, by edit: BillEdit, detail: String, actor: String, now: Moment,
        in database: Database
    ) throws -> BillRecord {
        let edited = try BillTable.save(
            edit.applied(to: record), from: record.bill.state, now: now, in: database)
        let bill = edited.bill
        if bill.amount != record.bill.amount || bill.expiresAt != record.bill.expiresAt {
            try keepTerms(of: record.bill, until: now, in: database)
        }
        try noteChange(
            "changed", of: bill.id, detail: detail, actor: actor, now: now, in: database)
        return edited
    }

    private static func keepTerms(
        of bill: Bill, until: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO bill_terms (bill_id, amount, expires_at, until, checksum)
            VALUES (?1, ?2, ?3, ?4, row_checksum(?1, ?2, ?3, ?4))
            """,
            [
                bill.id, bill.amount.whole, bill.expiresAt?.milliseconds, until.milliseconds,
            ])
    }
}

extension BillEdit {
    /// Creates the edit that gives a bill the content of an import file's row.
    init(to draft: BillDraft, given: GivenFields) {
        amount = draft.amount
        customerName = draft.customerName
        if given.contains(.expiresAt) { expiresAt = .some(draft.expiresAt) }
        if given.contains(.info) { info = .some(draft.info) }
        if given.contains(.customerEmail) { customerEmail = .some(draft.customerEmail) }
        if given.contains(.metadata) { metadata = .some(draft.metadata) }
    }

    func applied(to record: BillRecord) -> BillRecord {
        var edited = record
        if let amount { edited.bill.amount = amount }
        if let expiresAt { edited.bill.expiresAt = expiresAt }
        if let info { edited.bill.info = info }
        if let customerName { edited.bill.customerName = customerName }
        if let customerEmail { edited.bill.customerEmail = customerEmail }
        if let metadata { edited.metadata = metadata }
        return edited
    }

    /// Returns the differences as text for the bill's history. For personal data only the field
    /// name is included.
    func changes(from record: BillRecord) -> [String] {
        let (old, new) = (record.bill, applied(to: record).bill)
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
    /// An identifier that changes with every edit and every change of state.
    package var version: String {
        let text = [
            "\(bill.id)", "\(BillRow.checksum(of: bill, accountID: accountID))",
            "\(changedAt.milliseconds)", metadata ?? "",
        ].joined(separator: "\n")
        let bits = SHA256Digest(of: Array(text.utf8)).leadingBits
        return String(bits, radix: 16)
    }
}

/// The result of `Store.forget`.
package enum ForgetOutcome: Sendable {
    case forgotten(BillRecord)
    /// The customer was already forgotten; nothing was changed.
    case already(BillRecord)
    /// The bill is open or held: an inquiry may still need the customer's name.
    case refused(BillRecord)
    case unknown
}

extension Store {
    /// The text that replaces a customer's name.
    package static let forgottenName = "forgotten"

    /// - Parameter actor: the name of the admin key.
    package func forget(
        id: Int64, actor: String, now: Moment
    ) async throws -> ForgetOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
            guard !record.bill.state.holdsCode else { return .refused(record) }
            try ImportChange.forget(id, in: database)
            guard !record.isForgotten else { return .already(record) }
            _ = try BillTable.save(
                record.withoutCustomer, from: record.bill.state, now: now, in: database)
            try Self.noteChange(
                "forgotten", of: id, detail: nil, actor: actor, now: now, in: database)
            let forgotten = try Self.fetch(id, in: database)
            try Event.add(
                .billChanged, of: forgotten.bill, accountID: forgotten.accountID, at: now,
                in: database)
            return .forgotten(forgotten)
        }
    }
}

extension BillRecord {
    /// False if a bill that was reopened has customer data again.
    fileprivate var isForgotten: Bool {
        history.contains { $0.change == "forgotten" } && bill == withoutCustomer.bill
            && metadata == nil
    }

    fileprivate var withoutCustomer: BillRecord {
        var record = self
        record.bill.customerName = Store.forgottenName
        (record.bill.customerEmail, record.bill.info, record.metadata) = (nil, nil, nil)
        return record
    }
}
