// Filling a database before any service runs on it: the benchmark's million.
// A running service takes bills through its admin API and through nothing else.

import GRDB
import LoketCore

extension BillStore {
    /// Who is said to have brought a bill into its state.
    static let seeder = "seed"

    /// Writes bills as they are given, without the questions that the admin API asks.
    ///
    /// - Parameter state: the tests look at every one; a service moves bills by itself.
    package func seed(
        _ drafts: some Sequence<BillDraft>, accountID: Int64, state: Bill.State, now: Moment
    ) throws {
        try pool.write { database in
            let insert = try BillInsert(on: database, state: state, by: nil, now: now)
            for draft in drafts {
                let id = try insert.insert(draft, accountID: accountID)
                guard state != .open else { continue }
                try Self.noteChange(
                    state.rawValue, of: id, detail: nil, actor: Self.seeder, now: now,
                    in: database)
            }
        }
    }
}
