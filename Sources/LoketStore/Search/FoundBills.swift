// A page of a list of bills: what is given, and how it is filled row by row. A row that is damaged
// is named and not shown, and ends no page: where it says that it stands may be what is damaged.

import GRDB
import LoketCore

/// A part of a list.
package struct FoundBills: Sendable {
    package let records: [BillRecord]
    /// Bills of this part whose rows do not match their checksums, by their ids.
    package let damaged: [Int64]
    /// Where the next page begins; nil at the end of the list. A page may be short, or empty, and
    /// the list go on all the same: where no index helps only so many bills are looked at.
    package let next: BillPosition?
}

struct BillPageFilling {
    /// Of sound bills; the damaged ones between them do not count.
    let limit: Int
    let order: BillOrder
    private var records: [BillRecord] = []
    private var damaged: [Int64] = []
    /// One more was there than the page holds.
    private(set) var isOver = false

    init(limit: Int, order: BillOrder) {
        self.limit = limit
        self.order = order
    }

    /// Takes rows until the page is full and one more has come.
    mutating func take(_ rows: RowCursor) throws {
        while !isOver, let row = try rows.next() {
            guard records.count < limit else {
                isOver = true
                return
            }
            do {
                records.append(try BillRecord(row))
            } catch StoreFault.damagedBill(let id) {
                if !damaged.contains(id) { damaged.append(id) }
            }
        }
    }

    /// - Parameter reached: where the list goes on though the page is not full.
    func page(reached: BillPosition? = nil) -> FoundBills {
        let last = isOver ? records.last.map { BillPosition(of: $0, in: order) } : nil
        return FoundBills(records: records, damaged: damaged, next: last ?? reached)
    }
}
