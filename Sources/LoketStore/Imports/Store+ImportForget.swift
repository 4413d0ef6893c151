// Deletes a forgotten customer from what the files of imports keep: the refused rows, and the values
// in the notes on them.

import GRDB
import LoketCore

/// A bill whose customer was forgotten.
struct ForgottenBill {
    let number: String
    let accountID: Int64
}

extension ImportStage {
    /// Deletes the kept rows of bills and those that may be of them, because their invoice number
    /// or account could not be read. A value in a note stays only beside a row of another bill.
    func forget(_ bills: [ForgottenBill]) throws {
        try queue.writeWithoutTransaction { database in
            // The bytes of deleted rows and values are overwritten.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.inTransaction {
                // An earlier version of loket kept no such rows.
                try database.execute(sql: Self.badRowSchema(in: "main"))
                let hasRows = try database.tableExists("row")
                for bill in bills {
                    try database.run(
                        """
                        DELETE FROM bad_row
                        WHERE line > 0 AND (invoice_number IS NULL OR invoice_number = ?1)
                            AND (account_id IS NULL OR account_id = ?2)
                        """, [bill.number, bill.accountID])
                    guard hasRows else { continue }
                    try database.run(
                        "DELETE FROM row WHERE account_id = ?2 AND invoice_number = ?1",
                        [bill.number, bill.accountID])
                }
                // Notes that have a number are of the comparison, and their values are codes,
                // numbers and dates.
                try database.run(
                    """
                    UPDATE note SET value = NULL
                    WHERE value IS NOT NULL AND invoice_number IS NULL AND outcome = ?1
                        AND (line IS NULL OR line NOT IN (SELECT line FROM bad_row))
                    """, [ImportNote.Outcome.refused.rawValue])
                return .commit
            }
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
    package func forgetAgain(in record: ImportRecord) async throws {
        let forgotten = try await pool.read { database in
            try database.rows(
                """
                SELECT bill.account_id, bill.invoice_number
                FROM bill_change INDEXED BY bill_change_forgotten
                JOIN bill ON bill.id = bill_change.bill_id
                WHERE bill_change.change = 'forgotten' AND bill_change.at >= ?1
                """, [record.startedAt.milliseconds]
            ).map { row in
                let row = TableRow(row, of: "bill")
                return ForgottenBill(
                    number: try row.value("invoice_number"),
                    accountID: try row.value("account_id"))
            }
        }
        try forget(forgotten, in: record)
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
        }
    }
}
