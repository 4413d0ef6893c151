// The refused rows of an import, kept beside its notes so that they can be sent back to the author of
// the file. Rows that could not be read as bills are kept as the file has them; rows that the
// comparison refused are kept as bills.

import GRDB
import LoketCore

/// A row that could not be read as a bill of an account, with the texts that the sender gave.
package struct BadRow: Sendable {
    /// The line in the file, from 1; 0 for the header.
    package let line: Int64
    /// Nil if no account could be found by the row's code.
    package let accountID: Int64?
    /// Nil if unreadable.
    package let invoiceNumber: String?
    /// The cells, in a form that only the sender reads.
    package let cells: String

    package init(line: Int64, accountID: Int64?, invoiceNumber: String?, cells: String) {
        self.line = line
        self.accountID = accountID
        self.invoiceNumber = invoiceNumber
        self.cells = cells
    }
}

/// A refused row with everything that is wrong with it.
package struct RefusedRow: Sendable {
    package enum Content: Sendable {
        case cells(String)
        /// A bill and the optional fields that the row contains.
        case bill(BillDraft, given: GivenFields)
    }

    /// The reasons of one row that are read; a JSON object can have thousands.
    package static let reasonsMax = 20

    package let line: Int64
    package let content: Content
    /// The first reasons, at most `reasonsMax`.
    package let reasons: [(column: String?, reason: String)]
    /// The number of further reasons.
    package let moreReasons: Int
}

extension ImportStage {
    static func badRowSchema(in file: String) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(file).bad_row (
            line INTEGER PRIMARY KEY,
            account_id INTEGER,
            invoice_number TEXT,
            cells TEXT NOT NULL
        ) STRICT;
        """
    }

    static func add(_ rows: [BadRow], in database: Database) throws {
        for row in rows {
            try database.run(
                """
                INSERT INTO bad_row (line, account_id, invoice_number, cells)
                VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING
                """, [row.line, row.accountID, row.invoiceNumber, row.cells.withoutNUL])
        }
    }

    /// Copies the refused rows of a file that is attached as `old`.
    static func copyRefused(in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO bad_row SELECT * FROM old.bad_row;
                INSERT INTO row SELECT * FROM old.row
                WHERE outcome = \(StagedRow.Outcome.refused.rawValue)
                ORDER BY line LIMIT \(Limits.importBadRowsMax);
                """)
    }

    /// Whether there are rows that were not refused, or more than are kept.
    static func hasOtherRows(in database: Database) throws -> Bool {
        guard try database.tableExists("row") else { return false }
        let refused = StagedRow.Outcome.refused.rawValue
        return try database.isTrue(
            """
            SELECT EXISTS (SELECT 1 FROM row WHERE outcome <> \(refused))
                OR (SELECT count(*) FROM row) > \(Limits.importBadRowsMax)
            """)
    }

    // MARK: Reading

    /// Returns the header, nil if none was read.
    func header() throws -> String? {
        try queue.read { database in
            // An earlier version of loket kept no such rows.
            guard try database.tableExists("bad_row") else { return nil }
            return try String.fetchOne(
                database, sql: "SELECT cells FROM bad_row WHERE line = 0")
        }
    }

    /// Returns the refused rows in the order of the file. They and their notes are read in pages,
    /// so that nobody waits for long for the lock on the file.
    ///
    /// - Parameters:
    ///   - rowsPage: the number of rows that are read under one lock.
    ///   - notesPage: the number of notes that are searched under one lock.
    func refusedRows(
        rowsPage: Int = Limits.importBadRowsPage, notesPage: Int = Limits.importNotesPage
    ) throws -> [RefusedRow] {
        let isKept = try queue.read {
            try $0.tableExists("bad_row") && $0.tableExists("row")
        }
        guard isKept else { return [] }
        var found: Found = [:]
        for page in [badPage, refusedPage] {
            var line: Int64? = 0
            while let after = line { line = try page(after, rowsPage, &found) }
        }
        let reasons = try reasons(of: found, notesPage)
        return found.sorted { $0.key < $1.key }.map { line, content in
            let (first, more) = reasons[line] ?? ([], 0)
            return RefusedRow(line: line, content: content, reasons: first, moreReasons: more)
        }
    }

    private typealias Found = [Int64: RefusedRow.Content]
    private typealias Reasons = (first: [(column: String?, reason: String)], more: Int)

    /// - Returns: the last line of the page; nil if it is the last page.
    private func badPage(
        after line: Int64, _ limit: Int, _ found: inout Found
    ) throws -> Int64? {
        let page = try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT line, cells FROM bad_row WHERE line > ?1 ORDER BY line LIMIT ?2
                    """, arguments: [line, limit])
        }
        var last: Int64?
        for row in page.map({ TableRow($0, of: "bad_row") }) {
            let line: Int64 = try row.value("line")
            found[line] = .cells(try row.value("cells"))
            last = line
        }
        return page.count < limit ? nil : last
    }

    private func refusedPage(
        after line: Int64, _ limit: Int, _ found: inout Found
    ) throws -> Int64? {
        let page = try walk(after: line, outcomes: [.refused], limit: limit) { rows in
            var page: [StagedRow] = []
            while try rows.next() { page.append(try rows.row()) }
            return page
        }
        for row in page { found[row.line] = .bill(row.draft, given: row.given) }
        let isLast = page.count < limit || found.count >= 2 * Limits.importBadRowsMax
        return isLast ? nil : page.last?.line
    }

    private func reasons(of rows: Found, _ page: Int) throws -> [Int64: Reasons] {
        guard !rows.isEmpty else { return [:] }
        var reasons: [Int64: Reasons] = [:]
        var last: Int64? = 0
        while let after = last {
            let found = try notesPage(.refused, after: after, page, limit: page)
            for (_, note) in found.notes {
                guard let line = note.line, rows[line] != nil else { continue }
                if reasons[line, default: ([], 0)].first.count < RefusedRow.reasonsMax {
                    reasons[line, default: ([], 0)].first.append((note.column, note.reason))
                } else {
                    reasons[line, default: ([], 0)].more += 1
                }
            }
            last = found.last
        }
        return reasons
    }
}

extension Store {
    /// Returns the header and the refused rows of an import that has ended; none after the staging
    /// file was deleted.
    package func importRefusedRows(
        of record: ImportRecord
    ) async throws -> (header: String?, rows: [RefusedRow]) {
        guard record.state != .running, let stage = try comparedStage(of: record) else {
            return (nil, [])
        }
        // The rows of an import without a refused row need not be searched.
        return (try stage.header(), record.difference.refused > 0 ? try stage.refusedRows() : [])
    }
}
