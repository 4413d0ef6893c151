// Rows of one file against each other: an invoice number names one bill, and a code is held by one.
// Asked by sorting, not row by row; an index is made only where there is something to find.

import GRDB
import LoketCore

extension ImportStage {
    /// Refuses every row but the first that has an invoice number.
    func refuseRepeatedNumbers() throws {
        try refuseRepeated("invoice_number", among: "1") { "stands on line \($0) already" }
    }

    /// Refuses every row but the first that would take a code.
    func refuseRepeatedCodes() throws {
        let taking =
            "outcome IN (\(StagedRow.Outcome.new.rawValue), "
            + "\(StagedRow.Outcome.changed.rawValue))"
        try refuseRepeated("payment_code", among: taking) {
            "the row on line \($0) takes this code already"
        }
    }

    /// - Parameter reason: given the line that has the value first.
    private func refuseRepeated(
        _ column: String, among condition: String, reason: (Int64) -> String
    ) throws {
        try queue.write { database in
            let isRepeated = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM row WHERE \(condition)
                        GROUP BY account_id, \(column) HAVING count(*) > 1
                    )
                    """)
            guard isRepeated == true else { return }
            try database.execute(
                sql: "CREATE INDEX IF NOT EXISTS row_by_\(column) ON row (account_id, \(column))")
            let repeats = try Row.fetchAll(
                database,
                sql: """
                    SELECT row.line, row.invoice_number, row.\(column), repeated.first FROM (
                        SELECT account_id, \(column) AS value, min(line) AS first FROM row
                        WHERE \(condition)
                        GROUP BY account_id, \(column) HAVING count(*) > 1
                    ) AS repeated
                    JOIN row ON row.account_id = repeated.account_id
                        AND row.\(column) = repeated.value AND row.line > repeated.first
                    WHERE \(condition.replacing("outcome", with: "row.outcome")) ORDER BY row.line
                    """)
            for row in repeats {
                try Self.refuse(row[0], in: database)
                try Self.add(
                    [
                        ImportNote(
                            line: row[0], column: column, value: row[2], outcome: .refused,
                            invoiceNumber: row[1], reason: reason(row[3]))
                    ], in: database)
            }
        }
    }

    /// Refuses rows whose number could be taken for an inquiry's number of another row.
    func refuseAlikeNumbers() throws {
        try queue.write { database in
            let any = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM suffixed)")
            guard any == true else { return }
            try database.execute(
                sql: """
                    CREATE INDEX IF NOT EXISTS row_by_invoice_number
                    ON row (account_id, invoice_number)
                    """)
            let alike = try Row.fetchAll(
                database,
                sql: """
                    SELECT suffixed.line, row.invoice_number, own.line AS other, suffixed.own
                    FROM suffixed
                    JOIN row AS own ON own.account_id = suffixed.account_id
                        AND own.invoice_number = suffixed.own
                    JOIN row ON row.line = suffixed.line AND row.outcome = 0
                    """)
            for row in alike {
                try Self.refuse(row[0], in: database)
                try Self.add(
                    [
                        ImportNote(
                            line: row[0], column: "invoice_number", value: row[1],
                            outcome: .refused, invoiceNumber: row[1],
                            reason: "could be taken for an inquiry's number of \(row[3] as String)"
                                + " on line \(row[2] as Int64)")
                    ], in: database)
            }
        }
    }

    private static func refuse(_ line: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE row SET outcome = ? WHERE line = ?")
            .execute(arguments: [StagedRow.Outcome.refused.rawValue, line])
    }
}
