// Imports from start to end: the row that records each import, and its staging file.

import Foundation
import GRDB
import LoketCore

extension Store {
    /// The options of a new import.
    package struct NewImport: Sendable {
        package var accountID: Int64?
        package var actor: String
        package var format: ImportRecord.Format
        package var amountFormat: String
        package var isDryRun: Bool
        /// The options with which the file is read, as JSON.
        package var options: String?
        package var fileName: String?
        package var note: String?
        package var acceptsWarnings = false

        package init(
            accountID: Int64?, actor: String, format: ImportRecord.Format, amountFormat: String,
            isDryRun: Bool
        ) {
            self.accountID = accountID
            self.actor = actor
            self.format = format
            self.amountFormat = amountFormat
            self.isDryRun = isDryRun
        }
    }

    /// Begins an import; returns nil if too many are running.
    package func beginImport(
        _ wish: NewImport, now: Moment
    ) async throws -> (record: ImportRecord, stage: ImportStage)? {
        let begun: ImportRecord? = try await commits.write { database in
            let running = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM import WHERE state = 'running'")
            guard (running ?? 0) < Limits.importsAtOnce else { return nil }
            try database.run(
                """
                INSERT INTO import (
                    account_id, actor, started_at, format, amount_format, dry_run, options,
                    file_name, note, accepts_warnings, state, phase
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'running', 'receiving')
                """,
                [
                    wish.accountID, wish.actor, now.milliseconds, wish.format.rawValue,
                    wish.amountFormat, wish.isDryRun, wish.options, wish.fileName, wish.note,
                    wish.acceptsWarnings,
                ])
            return try Self.importRecord(database.lastInsertedRowID, in: database)
        }
        guard let begun else { return nil }
        do {
            return (begun, try ImportStage(creating: stagePath(begun.id)))
        } catch {
            try await endImport(begun.id, as: .failed, failure: "\(error)", now: now)
            throw error
        }
    }

    /// Records that the file was received. The comparison is next, unless the import was cancelled.
    package func importReceived(
        _ id: Int64, bytes: Int64, rows: Int64, refused: Int64
    ) async throws {
        try await commits.write { database in
            try database.run(
                """
                UPDATE import SET phase = 'checking', bytes = ?1, rows = ?2, refused = ?3
                WHERE id = ?4 AND state = 'running'
                """, [bytes, rows, refused, id])
        }
    }

    /// Stores the result of the comparison. An import that was cancelled meanwhile stays cancelled.
    func importChecked(_ id: Int64, _ result: ImportResult, now: Moment) async throws {
        let isOver = result.state != .running
        let (difference, lowering) = (result.difference, result.lowering)
        try await commits.write { database in
            try database.run(
                """
                UPDATE import SET state = ?1, phase = ?2, finished_at = ?3, checked = rows,
                    new = ?4, changed = ?5, unchanged = ?6, skipped = ?7, refused = ?8,
                    horizon = ?9, noted = ?10, lowered = ?11, lowered_by = ?12,
                    owed_before = ?13, owed_after = ?14, failure = ?15
                WHERE id = ?16 AND state = 'running'
                """,
                [
                    result.state.rawValue, isOver ? nil : ImportRecord.Phase.applying.rawValue,
                    isOver ? now.milliseconds : nil, difference.new, difference.changed,
                    difference.unchanged, difference.skipped, difference.refused, result.horizon,
                    result.noted, lowering.count, lowering.by, lowering.owedBefore,
                    lowering.owedAfter, result.failure, id,
                ])
        }
        if isOver { wordSignal.ring() }
    }

    package func endImport(
        _ id: Int64, as state: ImportRecord.State, failure: String?, now: Moment
    ) async throws {
        try await commits.write { database in
            try database.run(
                """
                UPDATE import SET state = ?1, phase = NULL, failure = ?2, finished_at = ?3
                WHERE id = ?4 AND state = 'running'
                """, [state.rawValue, failure, now.milliseconds, id])
        }
        wordSignal.ring()
    }

    // MARK: Finding

    package func `import`(id: Int64) async throws -> ImportRecord? {
        try await pool.read { try Self.importRecord(id, in: $0) }
    }

    /// Returns imports, newest first.
    ///
    /// - Parameter accountID: the account of the imports; nil returns those of all accounts.
    package func imports(
        accountID: Int64?, before: Int64, limit: Int
    ) async throws -> [ImportRecord] {
        var wanted = SQLCondition("id < ?", [before])
        wanted.narrow("account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database, sql: "SELECT * FROM import\(wanted.clause) ORDER BY id DESC",
                arguments: wanted.values
            ).readable(limit) { try ImportRecord($0) }
        }
    }

    /// Returns the notes of an import; empty until every row has been compared, and after the
    /// staging file was deleted.
    package func importNotes(
        of record: ImportRecord, _ outcome: ImportNote.Outcome?, after: Int64, limit: Int
    ) async throws -> [(id: Int64, note: ImportNote)] {
        try comparedStage(of: record)?.notes(outcome, after: after, limit: limit) ?? []
    }

    /// Returns the refused rows of an import by cause; empty when there are no notes.
    package func importCauses(of record: ImportRecord) async throws -> [ImportCause] {
        guard record.difference.refused > 0 else { return [] }
        return try comparedStage(of: record)?.causes() ?? []
    }

    /// Opens the staging file of an import whose rows were compared; nil if there is none.
    func comparedStage(of record: ImportRecord) throws -> ImportStage? {
        guard record.phase != .receiving, record.phase != .checking else { return nil }
        return try ImportStage(
            opening: stagePath(record.id), waiting: Limits.notesReadMilliseconds)
    }

    /// Returns the id of the newest bill; 0 if there is none.
    static func newestBill(in database: Database) throws -> Int64 {
        try database.integer("SELECT coalesce(max(id), 0) FROM bill") ?? 0
    }

    static func importRecord(_ id: Int64, in database: Database) throws -> ImportRecord? {
        try database.row("SELECT * FROM import WHERE id = ?1", [id])
            .map { try ImportRecord($0) }
    }

    /// Deletes the staging file of an import that failed.
    package func dropStage(_ stage: ImportStage) {
        stage.closeAndRemove()
    }

    func stagePath(_ id: Int64) -> String {
        ImportStage.path(of: id, besideDatabase: path)
    }

    // MARK: At startup

    /// Finds the imports that a stop or a crash interrupted.
    ///
    /// - Returns: the imports that continue. Imports whose comparison had not finished are marked
    ///   as failed, and their rows are deleted.
    package func leftoverImports(now: Moment) async throws -> [ImportRecord] {
        let left = try await pool.read { database in
            try database.rows("SELECT * FROM import WHERE state = 'running'")
                .compactMap { try? ImportRecord($0) }
        }
        var goingOn: [ImportRecord] = []
        for record in left {
            let isStaged = FileManager.default.fileExists(atPath: stagePath(record.id))
            switch record.phase {
            case .undoing: goingOn.append(record)
            case .applying where isStaged: goingOn.append(record)
            case .applying:
                try await endImport(
                    record.id, as: .failed,
                    failure: "the stored rows are missing; applied rows remain: send the file "
                        + "again",
                    now: now)
            case .receiving, .checking, nil:
                ImportStage.remove(stagePath(record.id))
                try await endImport(
                    record.id, as: .failed,
                    failure: "the service stopped before every row was checked; nothing was "
                        + "applied: send the file again",
                    now: now)
            }
        }
        return goingOn
    }
}
