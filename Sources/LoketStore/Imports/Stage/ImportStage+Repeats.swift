// Compares the rows of one file with each other: an invoice number names one bill, and one bill
// holds a code. The queries group the rows by value instead of searching for each row. An index is
// created only if there are repetitions.

import GRDB
import LoketCore

extension ImportStage {
    /// Refuses every row with an invoice number except the first.
    func refuseRepeatedNumbers() throws {
        try refuseRepeated(
            "invoice_number", among: "1", reason: "'is already on line ' || first")
    }

    /// Refuses every row that would hold a code except the first.
    func refuseRepeatedCodes() throws {
        let takers = [StagedRow.Outcome.new, .changed].map { "\($0.rawValue)" }
        try refuseRepeated(
            "payment_code", among: "row.outcome IN (\(takers.joined(separator: ", ")))",
            reason: "'is already used by the row on line ' || first")
    }

    /// - Parameter reason: an SQL expression; `first` is the line on which the value occurs first.
    private func refuseRepeated(
        _ column: String, among condition: String, reason: String
    ) throws {
        try queue.write { database in
            let repeated = """
                SELECT account_id, \(column) AS value, min(line) AS first FROM row
                WHERE \(condition) GROUP BY account_id, \(column) HAVING count(*) > 1
                """
            // Sorting by the value without the account takes two thirds of the time, and usually
            // finds no repetition.
            let isAny = try database.isTrue(
                "SELECT EXISTS (SELECT 1 FROM row GROUP BY \(column) HAVING count(*) > 1)")
            guard isAny else { return }
            try index(column, in: database)
            try refuse(
                """
                SELECT row.line, row.\(column) AS value, row.invoice_number, \(reason) AS reason
                FROM (\(repeated)) AS repeated
                JOIN row ON row.account_id = repeated.account_id
                    AND row.\(column) = repeated.value AND row.line > repeated.first
                WHERE \(condition)
                """, column: column, in: database)
        }
    }

    /// Refuses rows whose number could be confused with an inquiry's number of another row.
    func refuseAlikeNumbers() throws {
        try queue.write { database in
            guard try database.isTrue("SELECT EXISTS (SELECT 1 FROM suffixed)") else { return }
            try index("invoice_number", in: database)
            try refuse(
                """
                SELECT row.line, row.invoice_number AS value, row.invoice_number,
                    'differs from ' || suffixed.own || ' on line ' || own.line
                        || ' only by a suffix of the form that loket adds in inquiries' AS reason
                FROM suffixed
                JOIN row AS own ON own.account_id = suffixed.account_id
                    AND own.invoice_number = suffixed.own
                JOIN row ON row.line = suffixed.line
                    AND row.outcome = \(StagedRow.Outcome.new.rawValue)
                """, column: "invoice_number", in: database)
        }
    }

    private func index(_ column: String, in database: Database) throws {
        try database.execute(
            sql: "CREATE INDEX IF NOT EXISTS row_by_\(column) ON row (account_id, \(column))")
    }

    /// Refuses the rows that a query selects, with its reasons, without fetching any row.
    private func refuse(_ query: String, column: String, in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE unfit AS \(query);
                INSERT INTO note (line, column_name, value, outcome, invoice_number, reason)
                SELECT line, '\(column)', value, '\(ImportNote.Outcome.refused.rawValue)',
                    invoice_number, reason
                FROM unfit;
                UPDATE row SET outcome = \(StagedRow.Outcome.refused.rawValue)
                WHERE line IN (SELECT line FROM unfit);
                DROP TABLE unfit;
                """)
    }
}
