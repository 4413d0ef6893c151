// The database of the benchmark of the counter page: bills with names, and a month of inquiries.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore

/// Fills the database without its indexes; SQLite's shell builds each in one pass afterwards.
struct PageSite {
    let site: DemoSite
    let workload: Workload

    private static let chunk = 50_000
    private static let days: Int64 = 30
    /// One inquiry out of this number was declined.
    private static let declinedEvery = 20

    func fill(inquiries: Int) async throws {
        say("filling a database with \(workload.billCount) bills and \(inquiries) inquiries …")
        let began = ContinuousClock.now
        try site.seed([])
        try await shell(dropping)
        try site.fill { write in
            for start in stride(from: 0, to: workload.billCount, by: Self.chunk) {
                let places = start..<min(start + Self.chunk, workload.billCount)
                try write(places.map(draft), .open)
            }
        }
        try await shell(asking(inquiries) + ".read \(indexes)\n")
        say("filled in \((ContinuousClock.now - began).components.seconds) s")
    }

    private func draft(_ place: Int) -> BillDraft {
        var draft = workload.draft(place)
        draft.customerName = "Anton Budiman \(place % 1_000)"
        return draft
    }

    // MARK: SQLite's shell

    private var indexes: String { site.folder.appendingPathComponent("indexes.sql").path }
    private var drops: String { site.folder.appendingPathComponent("drops.sql").path }

    private func shell(_ script: String) async throws {
        try await run(
            ["sqlite3", "-bail", site.databasePath],
            input: "PRAGMA synchronous = OFF;\nPRAGMA cache_size = -1000000;\n" + script)
    }

    private var dropping: String {
        let own = "FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
        return """
            .once \(indexes)
            SELECT sql || ';' \(own) ('bill', 'inquiry');
            .once \(drops)
            SELECT 'DROP INDEX ' || name || ';' \(own) ('bill', 'inquiry');
            .read \(drops)

            """
    }

    /// Writes inquiries for random bills, evenly over the days until now, and their sums.
    private func asking(_ count: Int) -> String {
        let hour: Int64 = 3_600_000
        let step = max(1, Self.days * 24 * hour / Int64(count))
        let first = Moment.now.milliseconds - step * Int64(count)
        return """
            INSERT INTO inquiry (
                received_at, dialect, account_id, request_id, payment_code, channel, acquirer,
                guard, bill_id, amount, invoice_number, duration_us, skew_ms
            )
            SELECT \(first) + \(step) * value, 'o2o', account_id, lower(hex(randomblob(16))),
                payment_code, iif(value % 3 = 0, 'indomaret', 'alfa'), 'ALFA_GROUP',
                iif(value % \(Self.declinedEvery) = 0, 'bill_expired', 'payable'), id,
                iif(value % \(Self.declinedEvery) = 0, NULL, amount),
                iif(value % \(Self.declinedEvery) = 0, NULL, invoice_number), 150, 20
            FROM generate_series(0, \(count - 1))
            CROSS JOIN bill ON id = 1 + value * 7368787 % \(workload.billCount);
            INSERT INTO hour_sum (hour, account_id, kind, cause, channel, count, amount)
            SELECT received_at / \(hour) * \(hour), account_id, 'asked', guard, channel, count(*),
                CAST(total(amount) AS INTEGER)
            FROM inquiry GROUP BY 1, 2, 4, 5;

            """
    }
}
