// Deletes the staging files of imports that have ended.

import Foundation
import GRDB
import LoketCore

extension Store {
    /// Deletes the rows that a crash left of imports that have ended, those of customers who were
    /// forgotten meanwhile, and the notes of all imports except the latest.
    ///
    /// - Throws: the first error, after all files: the call can be repeated.
    package func trimImportFiles() async throws {
        let kept = try await imports(accountID: nil, before: .max, limit: Limits.importNotesKept)
        var failure: (any Error)?
        for record in kept where record.state != .running {
            do { try tidyImport(record) } catch { failure = failure ?? error }
            do { try await forgetAgain(in: record) } catch { failure = failure ?? error }
        }
        removeImportFiles(but: kept)
        if let failure { throw failure }
    }

    /// Deletes the notes of all imports except the latest.
    package func removeOldImportFiles() async throws {
        removeImportFiles(
            but: try await imports(accountID: nil, before: .max, limit: Limits.importNotesKept))
    }

    /// Deletes the notes of imports that ended before a time. The imports' results stay in the
    /// database.
    ///
    /// - Returns: the number of files deleted.
    package func removeImportFiles(finishedBefore cutoff: Moment) async throws -> Int {
        let staged = stagedImports
        guard !staged.isEmpty else { return 0 }
        let old = try await pool.read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM import
                    WHERE id IN (\(staged.list)) AND state <> 'running' AND finished_at < ?1
                    """,
                arguments: [cutoff.milliseconds])
        }
        for id in old { ImportStage.remove(stagePath(id)) }
        return old.count
    }

    private func removeImportFiles(but kept: [ImportRecord]) {
        guard kept.count == Limits.importNotesKept, let oldest = kept.last?.id else { return }
        for id in stagedImports where id < oldest { ImportStage.remove(stagePath(id)) }
    }

    /// The ids of the imports that have a file.
    private var stagedImports: [Int64] {
        let folder = ImportStage.folder(besideDatabase: path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.hasSuffix(".db") ? Int64($0.dropLast(3)) : nil }
    }
}
