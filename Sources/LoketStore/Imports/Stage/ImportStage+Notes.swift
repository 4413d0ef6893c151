// The notes of an import on its rows.

import GRDB
import LoketCore

extension ImportStage {
    static func add(_ notes: [ImportNote], in database: Database) throws {
        guard !notes.isEmpty else { return }
        let statement = try RawStatement(
            """
            INSERT INTO note (line, column_name, value, outcome, invoice_number, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            on: database.sqliteConnection)
        for note in notes {
            statement.bind(note.line, at: 1)
            statement.bind(note.column, at: 2)
            statement.bind(note.value.map(\.withoutNUL), at: 3)
            statement.bind(note.outcome.rawValue, at: 4)
            statement.bind(note.invoiceNumber, at: 5)
            statement.bind(note.reason, at: 6)
            _ = try statement.step()
            statement.reset()
        }
    }

    /// - Returns: the id of the last note; 0 if none.
    func add(_ notes: [ImportNote]) throws -> Int64 {
        try queue.write { database in
            try Self.add(notes, in: database)
            return try database.integer("SELECT coalesce(max(id), 0) FROM note") ?? 0
        }
    }

    /// Deletes the notes of a batch that a crash rolled back.
    func forgetNotes(after id: Int64) throws {
        try queue.write { try $0.run("DELETE FROM note WHERE id > ?1", [id]) }
    }

    /// Returns notes in the order of the file; notes about bills are last. They are searched in
    /// pages, so that nobody waits for long for the lock on the file.
    ///
    /// - Parameters:
    ///   - after: the id of the last note that was returned before.
    ///   - page: the number of notes that are searched under one lock.
    func notes(
        _ outcome: ImportNote.Outcome?, after: Int64, limit: Int,
        page: Int = Limits.importNotesPage
    ) throws -> [(id: Int64, note: ImportNote)] {
        var notes: [(id: Int64, note: ImportNote)] = []
        var last: Int64? = after
        // Without an outcome every note is found.
        let page = outcome == nil ? min(page, limit) : page
        while let after = last, notes.count < limit {
            let found = try notesPage(outcome, after: after, page, limit: limit - notes.count)
            notes += found.notes
            last = found.last
        }
        return notes
    }

    /// Searches a page of notes.
    ///
    /// - Returns: at most `limit` notes, and the id of the last note of the page; nil if there was
    ///   none.
    func notesPage(
        _ outcome: ImportNote.Outcome?, after: Int64, _ page: Int, limit: Int
    ) throws -> (notes: [(id: Int64, note: ImportNote)], last: Int64?) {
        try queue.read { database in
            guard let last = try Self.lastNote(after: after, page, in: database) else {
                return ([], nil)
            }
            var wanted = SQLCondition("id > ?", [after]).and(SQLCondition("id <= ?", [last]))
            wanted.narrow("outcome = ?", outcome?.rawValue)
            let notes = try Row.fetchCursor(
                database, sql: "SELECT * FROM note\(wanted.clause) ORDER BY id",
                arguments: wanted.values
            ).readable(limit) { row in
                let row = TableRow(row, of: "note")
                let note = ImportNote(
                    line: try row.value("line"), column: try row.value("column_name"),
                    value: try row.value("value"), outcome: try row.word("outcome"),
                    invoiceNumber: try row.value("invoice_number"),
                    reason: try row.value("reason"))
                return (id: try row.value("id") as Int64, note: note)
            }
            return (notes, last)
        }
    }

    /// Returns the id of the last note of the next page; nil after the last page.
    static func lastNote(
        after id: Int64, _ page: Int, in database: Database
    ) throws -> Int64? {
        try database.integer(
            "SELECT max(id) FROM (SELECT id FROM note WHERE id > ?1 ORDER BY id LIMIT ?2) AS page",
            [id, page])
    }

    /// Sorts the notes by the order of the file.
    func sortNotes() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    CREATE TABLE sorted AS SELECT * FROM note ORDER BY line IS NULL, line, id;
                    DELETE FROM note;
                    INSERT INTO note (line, column_name, value, outcome, invoice_number, reason)
                    SELECT line, column_name, value, outcome, invoice_number, reason FROM sorted
                    ORDER BY rowid;
                    DROP TABLE sorted;
                    """)
        }
    }
}
