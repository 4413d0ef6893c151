// A bill as the admin side sees it: with its account, its times, its metadata and what happened
// to it.

import GRDB
import LoketCore

package struct BillRecord: Sendable {
    package internal(set) var bill: Bill
    package let accountID: Int64
    package internal(set) var metadata: String?
    package let createdAt: Moment
    package internal(set) var changedAt: Moment
    /// Name of the admin key that made it; nil where an import did, or it was not recorded.
    package let createdBy: String?
    /// The import that made it.
    package let importID: Int64?
    /// What happened since it was made; empty where it was not asked for.
    package private(set) var history: [BillChange] = []
    /// Payments that settled it; nil where they were not asked for.
    package private(set) var settled: Store.Sum?
    /// Payments without a decision that hold it, oldest first; empty where they were not asked for.
    package private(set) var heldBy: [PaymentRecord] = []

    static let columns =
        BillRow.columns + ", metadata, created_at, changed_at, created_by, import_id"

    /// SQL of the checksum over what the bill's own leaves out.
    static func checksum(
        metadata: String = "metadata", madeAt: String = "created_at",
        changedAt: String = "changed_at", madeBy: String = "created_by",
        importID: String = "import_id"
    ) -> String {
        "row_checksum(\(metadata), \(madeAt), \(changedAt), \(madeBy), \(importID))"
    }

    /// - Parameter isTrusted: true takes what the row says, whether or not its checksum fits.
    /// - Throws: `StoreFault.damagedBill`.
    init(_ row: Row, isTrusted: Bool = false) throws(StoreFault) {
        guard let read = isTrusted ? BillRow.asItStands(row) : BillRow.sound(row) else {
            throw .damagedBill(id: row.integer(0) ?? 0)
        }
        (bill, accountID) = read
        let row = TableRow(row, of: "bill")
        do {
            metadata = try row.value("metadata")
            createdAt = try row.value("created_at")
            changedAt = try row.value("changed_at")
            createdBy = try row.value("created_by")
            importID = try row.value("import_id")
        } catch {
            throw .damagedBill(id: bill.id)
        }
    }

    /// How its history begins: that it was made is in its own row.
    package var making: BillChange {
        BillChange(
            at: createdAt, change: "created", actor: createdBy,
            detail: importID.map { "import \($0)" })
    }

    func with(
        history: [BillChange], settled: Store.Sum, heldBy: [PaymentRecord] = []
    ) -> BillRecord {
        var record = self
        record.heldBy = heldBy
        record.history = history
        record.settled = settled
        return record
    }

    /// The same content as a draft would make, whatever has become of the bill since.
    func isMade(of draft: BillDraft, accountID: Int64) -> Bool {
        var asMade = bill
        (asMade.state, asMade.cancelReason) = (.open, nil)
        return BillRow.bytes(of: asMade, accountID: self.accountID)
            == BillRow.bytes(of: Bill(draft), accountID: accountID)
            && isSameText(metadata, draft.metadata)
    }
}

/// By their bytes: `String` would take two spellings of an é for one, and lose an edit of it.
func isSameText(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.utf8.elementsEqual(other.utf8)
}

/// Something that happened to a bill.
package struct BillChange: Sendable {
    package let at: Moment
    package let change: String
    /// Name of the admin key; nil where the service did it.
    package let actor: String?
    package let detail: String?
    /// The payment that did it.
    package let paymentID: Int64?

    fileprivate init(at: Moment, change: String, actor: String?, detail: String?) {
        paymentID = nil
        self.at = at
        self.change = change
        self.actor = actor
        self.detail = detail
    }

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "bill_change")
        at = try row.value("at")
        change = try row.value("change")
        actor = try row.value("actor")
        detail = try row.value("detail")
        paymentID = try row.value("payment_id")
    }
}

extension Row: BillColumns {
    func integer(_ column: Int) -> Int64? {
        guard case .int64(let number) = databaseValue(column).storage else { return nil }
        return number
    }

    func text(_ column: Int) -> String? {
        guard case .string(let text) = databaseValue(column).storage else { return nil }
        return text
    }

    private func databaseValue(_ column: Int) -> DatabaseValue {
        self[column]
    }
}
