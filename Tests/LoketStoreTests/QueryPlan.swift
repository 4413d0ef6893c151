// SQLite's plan for a statement, and the statements that the store's reader executed.

import Foundation
import GRDB
import Synchronization

@testable import LoketStore

enum QueryPlan {
    /// Returns one line for each step of the plan.
    static func lines(_ sql: String, in path: String) throws -> [String] {
        try RawDatabase.rows(path, "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] }
    }
}

/// Records the SELECTs of a store's reader from now on, with their values filled in.
final class ReaderLog: Sendable {
    private let texts = Mutex<[String]>([])

    private static let readers = 4

    /// Traces every reader of the pool, because the pool returns any free reader and the mark's
    /// thread uses one from time to time.
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
