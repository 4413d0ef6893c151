// What SQLite means to do for a statement, and which statements the store's reader really ran.

import GRDB
import Synchronization

@testable import LoketStore

enum QueryPlan {
    /// One line per step of the plan.
    static func lines(_ sql: String, in path: String) throws -> [String] {
        try RawDatabase.rows(path, "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] }
    }
}

/// The SELECTs of a store's reader from here on, with their values in place.
final class ReaderLog: Sendable {
    private let texts = Mutex<[String]>([])

    /// The pool hands out the reader that is free; in a test without concurrency it is one.
    init(of store: BillStore) throws {
        try store.pool.read { database in
            database.trace(options: .statement) { [self] event in
                guard case .statement(let statement) = event else { return }
                let text = statement.expandedSQL
                if text.hasPrefix("SELECT") { texts.withLock { $0.append(text) } }
            }
        }
    }

    var selects: [String] { texts.withLock { $0 } }
}
