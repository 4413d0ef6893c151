// What SQLite means to do for a statement, and which statements the store's reader really ran.

import Foundation
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

    private static let readers = 4

    /// Follows every reader of the pool, which hands out any that is free: the mark's thread has one
    /// now and then.
    init(of store: Store) throws {
        let (all, done) = (DispatchGroup(), DispatchGroup())
        for _ in 0..<Self.readers {
            all.enter()
            done.enter()
        }
        for _ in 0..<Self.readers {
            Thread.detachNewThread { [self] in
                try? store.pool.read { database in
                    follow(database)
                    all.leave()
                    all.wait()
                }
                done.leave()
            }
        }
        done.wait()
    }

    private func follow(_ database: Database) {
        database.trace(options: .statement) { [self] event in
            guard case .statement(let statement) = event else { return }
            let text = statement.expandedSQL
            if text.hasPrefix("SELECT") { texts.withLock { $0.append(text) } }
        }
    }

    var selects: [String] { texts.withLock { $0 } }
}
