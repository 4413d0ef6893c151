// Deletes a forgotten customer from what the files of imports keep: the refused rows, and the values
// in the notes on them.

import GRDB
import LoketCore

/// A bill whose customer was forgotten.
struct ForgottenBill: Hashable {
    let number: String
    let accountID: Int64
}

extension ImportStage {
    /// Deletes the kept rows of bills and those that may be of them, because their invoice number
    /// or account could not be read. A value in a note stays only beside a row of another bill.
    ///
    /// The file is changed in pages, so that nobody waits for long for its lock. An error leaves
    /// the pages before it changed: the call can be repeated.
    ///
    /// - Parameters:
    ///   - rowsPage: the number of rows that are read in one transaction.
    ///   - notesPage: the number of notes that are changed in one transaction.
    func forget(
        _ bills: [ForgottenBill], rowsPage: Int = Limits.importBadRowsPage,
        notesPage: Int = Limits.importNotesPage
    ) throws {
        let bills = ForgottenBills(bills)
        let tables = try queue.writeWithoutTransaction { database in
            // The bytes of deleted rows and values are overwritten.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // An earlier version of loket kept no such rows.
            try database.execute(sql: Self.badRowSchema(in: "main"))
            return try ["bad_row", "row"].filter { try database.tableExists($0) }
        }
        for table in tables {
            // Line 0 is the header.
            var line: Int64? = 0
            while let after = line {
                line = try forgetPage(of: table, after: after, rowsPage, bills)
            }
        }
        var last: Int64? = 0
        while let after = last { last = try forgetValues(after: after, notesPage) }
    }

    /// - Returns: the last line of the page; nil if it is the last page.
    private func forgetPage(
        of table: String, after line: Int64, _ limit: Int, _ bills: ForgottenBills
    ) throws -> Int64? {
        try queue.write { database in
            let page = try database.rows(
                """
                SELECT line, account_id, invoice_number FROM \(table)
                WHERE line > ?1 ORDER BY line LIMIT ?2
                """, [line, limit])
            var last: Int64?
            for row in page.map({ TableRow($0, of: table) }) {
                let line: Int64 = try row.value("line")
                last = line
                let isForgotten = bills.mayHave(
                    accountID: try row.value("account_id"), number: try row.value("invoice_number"))
                guard isForgotten else { continue }
                try database.run("DELETE FROM \(table) WHERE line = ?1", [line])
            }
            return page.count < limit ? nil : last
        }
    }

    /// Notes that have a number are of the comparison, and their values are codes, numbers and
    /// dates.
    ///
    /// - Returns: the id of the last note of the page; nil if there was none.
    private func forgetValues(after id: Int64, _ page: Int) throws -> Int64? {
        try queue.write { database in
            guard let last = try Self.lastNote(after: id, page, in: database) else { return nil }
            try database.run(
                """
                UPDATE note SET value = NULL
                WHERE id > ?2 AND id <= ?3
                    AND value IS NOT NULL AND invoice_number IS NULL AND outcome = ?1
                    AND (line IS NULL OR line NOT IN (SELECT line FROM bad_row))
                """, [ImportNote.Outcome.refused.rawValue, id, last])
            return last
        }
    }
}

/// Bills whose customers were forgotten, to find their rows.
private struct ForgottenBills {
    private let bills: Set<ForgottenBill>
    private let numbers: Set<String>
    private let accountIDs: Set<Int64>

    init(_ bills: [ForgottenBill]) {
        self.bills = Set(bills)
        numbers = Set(bills.map(\.number))
        accountIDs = Set(bills.map(\.accountID))
    }

    /// Whether a row is or may be of one of the bills.
    ///
    /// - Parameters:
    ///   - accountID: nil if unknown.
    ///   - number: nil if it could not be read.
    func mayHave(accountID: Int64?, number: String?) -> Bool {
        switch (accountID, number) {
        case (let account?, let number?):
            bills.contains(ForgottenBill(number: number, accountID: account))
        case (let account?, nil): accountIDs.contains(account)
        case (nil, let number?): numbers.contains(number)
        case (nil, nil): !bills.isEmpty
        }
    }
}

extension Store {
    /// Deletes what the files of imports that have ended keep of a forgotten customer. Running
    /// imports follow when they end (`forgetAgain`).
    ///
    /// - Throws: the first error, after all files: the call can be repeated.
    package func forgetInImports(_ record: BillRecord) async throws {
        let bill = ForgottenBill(
            number: record.bill.invoiceNumber.text, accountID: record.accountID)
        var failure: (any Error)?
        for imported in try await imports(
            accountID: nil, before: .max, limit: Limits.importNotesKept)
        where imported.state != .running {
            do {
                try forget([bill], in: imported)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Deletes from the file of an import that has ended the customers who were forgotten since it
    /// began. It can be repeated.
    ///
    /// - Parameter page: the number of customers that are read at once.
    package func forgetAgain(
        in record: ImportRecord, page: Int = Limits.importNotesPage
    ) async throws {
        var position = (at: record.startedAt, id: Int64(0))
        while true {
            let found = try await pool.read { [position] database in
                try database.rows(
                    """
                    SELECT bill_change.at, bill_change.id, bill.account_id, bill.invoice_number
                    FROM bill_change INDEXED BY bill_change_forgotten
                    JOIN bill ON bill.id = bill_change.bill_id
                    WHERE bill_change.change = 'forgotten' AND bill_change.at >= ?1
                        AND (bill_change.at > ?1 OR bill_change.id > ?2)
                    ORDER BY bill_change.at, bill_change.id LIMIT ?3
                    """, [position.at.milliseconds, position.id, page]
                ).map { row in
                    let row = TableRow(row, of: "bill")
                    let bill = ForgottenBill(
                        number: try row.value("invoice_number"),
                        accountID: try row.value("account_id"))
                    let (at, id): (Moment, Int64) = (try row.value("at"), try row.value("id"))
                    return (at: at, id: id, bill: bill)
                }
            }
            try forget(found.map(\.bill), in: record)
            guard found.count == page, let last = found.last else { return }
            position = (last.at, last.id)
        }
    }

    private func forget(_ bills: [ForgottenBill], in imported: ImportRecord) throws {
        let bills = bills.filter {
            imported.accountID == nil || imported.accountID == $0.accountID
        }
        guard !bills.isEmpty else { return }
        do {
            try ImportStage(
                opening: stagePath(imported.id), waiting: Limits.notesReadMilliseconds)?
                .forget(bills)
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
        {
            // What a damaged file still contains cannot be found in it.
            ImportStage.remove(stagePath(imported.id))
        } catch let fault as StoreFault where fault.isDamage {
            ImportStage.remove(stagePath(imported.id))
        }
    }
}
