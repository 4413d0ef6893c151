// Taking the customer out of a bill that is closed: name, e-mail address, info line and metadata.
// What was owed and paid stays; so does the ledger, which is DOKU's word and never changes.

import GRDB
import LoketCore

/// What became of a wish to forget.
package enum ForgetOutcome: Sendable {
    case forgotten(BillRecord)
    /// It was forgotten before; nothing was changed.
    case already(BillRecord)
    /// Open or held: the counter may still have to say whose bill it is.
    case refused(BillRecord)
    case unknown
}

extension BillStore {
    /// What stands in place of a customer's name.
    package static let forgottenName = "forgotten"

    /// - Parameter actor: name of the admin key.
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
            try Event.tell(
                .billChanged, of: forgotten.bill, accountID: forgotten.accountID, at: now,
                in: database)
            return .forgotten(forgotten)
        }
    }
}

extension BillRecord {
    /// A bill that was opened again may have a customer again.
    fileprivate var isForgotten: Bool {
        history.contains { $0.change == "forgotten" } && bill == withoutCustomer.bill
            && metadata == nil
    }

    fileprivate var withoutCustomer: BillRecord {
        var record = self
        record.bill.customerName = BillStore.forgottenName
        (record.bill.customerEmail, record.bill.info, record.metadata) = (nil, nil, nil)
        return record
    }
}
