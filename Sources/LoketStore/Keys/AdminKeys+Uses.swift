// When each admin key was last used, to the minute. A use is not worth a commit of its own: the
// first of a minute is written, and nobody waits for it.

import GRDB
import LoketCore
import Synchronization

package final class KeyUses: Sendable {
    private static let minute: Int64 = 60_000

    private let commits: GroupCommit
    /// The start of the last minute in which each key was used, since this service began.
    private let minutes = Mutex<[Int64: Int64]>([:])

    package init(on store: BillStore) {
        commits = store.commits
    }

    package func note(_ keyID: Int64, at now: Moment) {
        let minute = now.milliseconds - now.milliseconds % Self.minute
        let isFirst = minutes.withLock { minutes in
            guard minute > minutes[keyID] ?? 0 else { return false }
            minutes[keyID] = minute
            return true
        }
        guard isFirst else { return }
        // One that fails is shown all the same while this process lives; the next minute's is
        // written instead.
        commits.submit(
            { database in
                try database.execute(
                    sql: """
                        UPDATE admin_key SET last_used_at = ?1
                        WHERE id = ?2 AND ifnull(last_used_at, 0) < ?1
                        """,
                    arguments: [minute, keyID])
            }, then: { _ in })
    }

    /// What is written of it, or what is newer.
    package func last(of key: AdminKey) -> Moment? {
        let noted = minutes.withLock { $0[key.id] }.map { Moment(milliseconds: $0) }
        return [noted, key.lastUsedAt].compactMap(\.self).max()
    }
}
