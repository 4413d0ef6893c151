// A bill as the admin API shows it: with its account, times, metadata and history.

import GRDB
import LoketCore

package struct BillRecord: Sendable {
    package internal(set) var bill: Bill
    package let accountID: Int64
    package internal(set) var metadata: String?
    package let createdAt: Moment
    package internal(set) var changedAt: Moment
    /// The name of the admin key that created the bill; nil if an import created it or if not
    /// recorded.
    package let createdBy: String?
    /// The import that created the bill.
    package let importID: Int64?
    /// The changes since the bill was created; empty if not requested.
    package private(set) var history: [BillChange] = []
    /// The sum of the payments that settled the bill; nil if not requested.
    package private(set) var settled: Store.Sum?
    /// The undecided payments that hold the bill, oldest first; empty if not requested.
    package private(set) var heldBy: [PaymentRecord] = []

    static let columns =
        BillRow.columns + ", metadata, created_at, changed_at, created_by, import_id"

    /// The SQL of the checksum over the columns that the checksum of `BillRow` omits.
    static func checksum(
        metadata: String = "metadata", madeAt: String = "created_at",
        changedAt: String = "changed_at", madeBy: String = "created_by",
        importID: String = "import_id"
    ) -> String {
        "row_checksum(\(metadata), \(madeAt), \(changedAt), \(madeBy), \(importID))"
    }

    /// - Parameter isTrusted: true to accept the row even if its checksum does not match.
    /// - Throws: `StoreFault.damagedBill` if the row is not a valid bill.
    init(_ row: Row, isTrusted: Bool = false) throws(StoreFault) {
        // Otherwise a bill with damaged steps could not be cancelled.
        let read =
            isTrusted
            ? BillRow.asItStands(row) ?? BillRow.asItStands(row, ignoresSteps: true)
            : BillRow.sound(row)
        guard let read else { throw .damagedBill(id: row.integer(0) ?? 0) }
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

    /// The first entry of the bill's history, derived from the bill's row and not stored.
    package var making: BillChange {
        BillChange(
            at: createdAt, change: "created", actor: createdBy,
            detail: importID.map { "import \($0)" })
    }

    /// Creates a record from the current row of a statement that selects `columns`.
    ///
    /// - Throws: `StoreFault.damagedBill` if the row is not a valid bill.
    init(_ row: some PreparedStatement) throws(StoreFault) {
        guard let read = BillRow.sound(row) else { throw .damagedBill(id: row.integer(0) ?? 0) }
        (bill, accountID) = read
        let first = BillRow.checksum + 1
        guard let madeAt = row.integer(first + 1), let changedAt = row.integer(first + 2),
            [first, first + 3].allSatisfy({ row.isNull($0) || row.text($0) != nil }),
            row.isNull(first + 4) || row.integer(first + 4) != nil
        else { throw .damagedBill(id: bill.id) }
        metadata = row.text(first)
        createdAt = Moment(milliseconds: madeAt)
        self.changedAt = Moment(milliseconds: changedAt)
        createdBy = row.text(first + 3)
        importID = row.integer(first + 4)
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

    /// Returns whether the bill was created with the content of `draft`, whatever its state is now.
    func isMade(of draft: BillDraft, accountID: Int64) -> Bool {
        var asMade = bill
        (asMade.state, asMade.cancelReason) = (.open, nil)
        return BillRow.bytes(of: asMade, accountID: self.accountID)
            == BillRow.bytes(of: Bill(draft), accountID: accountID)
            && isSameText(metadata, draft.metadata)
    }
}

/// Compares bytes. `String` equality ignores which encoding of "é" is used, so an edit would be
/// lost.
func isSameText(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.utf8.elementsEqual(other.utf8)
}

/// An entry in a bill's history.
package struct BillChange: Sendable {
    package let at: Moment
    package let change: String
    /// The name of the admin key; nil if the service made the change.
    package let actor: String?
    package let detail: String?
    /// The payment that caused the change.
    package let paymentID: Int64?

    fileprivate init(at: Moment, change: String, actor: String?, detail: String?) {
        paymentID = nil
        self.at = at
        self.change = change
        self.actor = actor
        self.detail = detail
    }

    /// - Throws: `StoreFault.damagedRow` if unreadable.
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
