// Runs SQLite's integrity check of every page while the service runs, one table with its indexes at
// a time: a flipped bit in an index hides a bill from inquiries, and no other check would report
// it.
//
// Each table is checked in a separate read on a separate connection, with low priority, so inquiries
// and payments continue. SQLite reads all pages of a table's tree without a pause. During a read the
// WAL cannot be restarted, so it grows by all writes in that time.

import Foundation
import GRDB
import LoketCore

extension Store {
    /// The result of the last complete check.
    package struct PageWalk: Sendable, Equatable {
        package let finishedAt: Moment
        /// One line per problem, with the table and the remedy.
        package let problems: [String]
    }

    /// Checks every table and stores the result. Cancelling the task stops the check immediately.
    ///
    /// - Parameter now: called at the end.
    package func walkPages(now: @Sendable () -> Moment) async throws -> PageWalk {
        let queue = try DatabaseFile.openChecker(path)
        defer { try? queue.close() }
        let tables = try await queue.read { database in
            database.goSlowly()
            return try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        }
        var problems: [String] = []
        for table in tables {
            problems += try await queue.read { try PageCheck.findings(of: table, in: $0) }
                .map { "the table \(table): \($0); \(PageCheck.remedy(for: $0))" }
        }
        let walk = PageWalk(finishedAt: now(), problems: problems)
        try await commits.write { try walk.store(in: $0) }
        return walk
    }

    /// Nil before the first check.
    package func lastPageWalk() throws -> PageWalk? {
        try pool.read { database in
            try database.row("SELECT * FROM page_walk").map { row in
                let row = TableRow(row, of: "page_walk")
                let text: String = try row.value("problems")
                return PageWalk(
                    finishedAt: try row.value("finished_at"),
                    problems: text.split(separator: "\n").map(String.init))
            }
        }
    }
}

extension Store.PageWalk {
    fileprivate func store(in database: Database) throws {
        try database.run(
            """
            INSERT INTO page_walk (id, finished_at, problems) VALUES (1, ?1, ?2)
            ON CONFLICT (id)
            DO UPDATE SET finished_at = excluded.finished_at, problems = excluded.problems
            """, [finishedAt.milliseconds, problems.joined(separator: "\n")])
    }
}
