// The sessions of the counter page, in memory: each has the id of an admin key and never its text.
// A restart ends them all.

import LoketCore
import LoketSystem
import Synchronization

final class Sessions: Sendable {
    struct Session: Sendable {
        /// The value of the cookie.
        let token: String
        let keyID: Int64
        /// The token in every form of the session.
        let formToken: String
        fileprivate(set) var usedAt: Moment
        /// What the next page says once: the result of a form.
        fileprivate(set) var notice: Notice?
    }

    /// The result of a form, shown on the page that follows it.
    struct Notice: Sendable, Equatable {
        let text: String
        var isFailure = false
    }

    /// The time after which an unused session ends, in milliseconds.
    static let idleMilliseconds: Int64 = 12 * 3_600_000
    /// The maximum number of sessions; the one that was unused longest makes room.
    static let countMax = 1_000
    private static let tokenBytes = 32

    private let open = Mutex<[String: Session]>([:])

    /// Begins a session with new tokens.
    func begin(keyID: Int64, now: Moment) -> Session {
        let session = Session(
            token: hexadecimal(randomBytes(Self.tokenBytes)), keyID: keyID,
            formToken: hexadecimal(randomBytes(Self.tokenBytes)), usedAt: now)
        open.withLock { open in
            if open.count >= Self.countMax,
                let idle = open.min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                open[idle.key] = nil
            }
            open[session.token] = session
        }
        return session
    }

    /// Returns the session unless it has ended.
    ///
    /// - Parameter isUse: false for a request that the page makes by itself.
    func find(_ token: String, now: Moment, isUse: Bool) -> Session? {
        open.withLock { open in
            guard let session = open[token] else { return nil }
            guard now.milliseconds - session.usedAt.milliseconds < Self.idleMilliseconds else {
                open[token] = nil
                return nil
            }
            if isUse { open[token]?.usedAt = now }
            return session
        }
    }

    /// Leaves a notice for the next page.
    func leave(_ notice: Notice?, in session: Session) {
        open.withLock { $0[session.token]?.notice = notice }
    }

    func end(_ token: String) {
        open.withLock { $0[token] = nil }
    }
}
