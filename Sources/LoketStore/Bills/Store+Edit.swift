// Edits an open bill, for a caller that has seen its current version, and removes the customer's
// data from a closed bill. Former terms are stored, because a customer may have been quoted them.
// Amounts owed and paid, and the ledger, do not change.

import GRDB
import LoketCore
import LoketSystem

/// The fields that an edit sets. Nil leaves a field unchanged; an inner nil clears it.
package struct BillEdit: Sendable {
    /// All amounts: a bill's list of dated amounts is replaced as a whole.
    package var amounts: DatedAmounts?
    package var validFrom: Moment??
    package var expiresAt: Moment??
    package var dueAt: Moment??
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
        let old = record.bill
        if (bill.amounts, bill.validFrom, bill.expiresAt)
            != (old.amounts, old.validFrom, old.expiresAt)
        {
            try keepTerms(of: old, until: now, in: database)
        }
        try BillWords.rename(
            bill.id, from: old.customerName, to: bill.customerName, in: database)
        try noteChange(
            "changed", of: bill.id, detail: detail, actor: actor, now: now, in: database)
        return edited
    }

    private static func keepTerms(
        of bill: Bill, until: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO bill_terms (
                bill_id, amount, expires_at, until, amounts, valid_from, checksum
            ) VALUES (
                ?1, ?2, ?3, ?4, ?5, ?6, \(termsChecksum("?1", "?2", "?3", "?4", "?5", "?6"))
            )
            """,
            [
                bill.id, bill.amounts.last.whole, bill.expiresAt?.milliseconds,
                until.milliseconds, bill.amounts.stored, bill.validFrom?.milliseconds,
            ])
    }

    /// The SQL of a checksum of `bill_terms`. Rows of earlier versions lack the last two columns.
    static func termsChecksum(
        _ billID: String = "bill_id", _ amount: String = "amount",
        _ expiresAt: String = "expires_at", _ until: String = "until",
        _ amounts: String = "amounts", _ validFrom: String = "valid_from"
    ) -> String {
        let terms = "\(billID), \(amount), \(expiresAt), \(until)"
        return """
            CASE WHEN \(amounts) IS NULL AND \(validFrom) IS NULL THEN row_checksum(\(terms))
                ELSE row_checksum(\(terms), \(amounts), \(validFrom)) END
            """
    }
}

extension BillEdit {
    /// Creates the edit that gives a bill the content of an import file's row.
    init(to draft: BillDraft, given: GivenFields) {
        amounts = draft.amounts
        customerName = draft.customerName
        if given.contains(.validFrom) { validFrom = .some(draft.validFrom) }
        if given.contains(.expiresAt) { expiresAt = .some(draft.expiresAt) }
        if given.contains(.dueAt) { dueAt = .some(draft.dueAt) }
        if given.contains(.info) { info = .some(draft.info) }
        if given.contains(.customerEmail) { customerEmail = .some(draft.customerEmail) }
        if given.contains(.metadata) { metadata = .some(draft.metadata) }
    }

    package func applied(to record: BillRecord) -> BillRecord {
        var edited = record
        if let amounts { edited.bill.amounts = amounts }
        if let validFrom { edited.bill.validFrom = validFrom }
        if let expiresAt { edited.bill.expiresAt = expiresAt }
        if let dueAt { edited.bill.dueAt = dueAt }
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
        if new.amounts != old.amounts {
            let name = new.amounts.isDated || old.amounts.isDated ? "amounts" : "amount"
            changes.append("\(name) \(old.amounts.text) to \(new.amounts.text)")
        }
        for (name, before, after, none) in [
            ("valid_from", old.validFrom, new.validFrom, "always"),
            ("expires_at", old.expiresAt, new.expiresAt, "never"),
            ("due_at", old.dueAt, new.dueAt, "none"),
        ] where before != after {
            changes.append(
                "\(name) \(before?.exactUTCText ?? none) to \(after?.exactUTCText ?? none)")
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
    /// The customer was already forgotten; the bill was not changed.
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
            if record.isForgotten {
                guard try record.isInNewerImport(in: database) else { return .already(record) }
                // The import deletes its rows of this customer when it ends (`forgetAgain`).
                try Self.noteChange(
                    "forgotten", of: id, detail: nil, actor: actor, now: now, in: database)
                return .already(try Self.fetch(id, in: database))
            }
            let saved = try BillTable.save(
                record.withoutCustomer, from: record.bill.state, now: now, in: database)
            try BillWords.rename(
                id, from: record.bill.customerName, to: saved.bill.customerName, in: database)
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

    /// Whether an import is running that began after the customer was forgotten for the last time.
    fileprivate func isInNewerImport(in database: Database) throws -> Bool {
        let last = history.last { $0.change == "forgotten" }
        return try database.isTrue(
            "SELECT EXISTS (SELECT 1 FROM import WHERE state = 'running' AND started_at > ?1)",
            [last?.at.milliseconds])
    }

    fileprivate var withoutCustomer: BillRecord {
        var record = self
        record.bill.customerName = Store.forgottenName
        (record.bill.customerEmail, record.bill.info, record.metadata) = (nil, nil, nil)
        return record
    }
}
