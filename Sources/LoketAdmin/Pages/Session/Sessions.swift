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
        let begunAt: Moment
        fileprivate(set) var usedAt: Moment
        /// What the next page says once: the result of a form.
        fileprivate(set) var notice: Notice?
        /// The file that is being imported; it ends with the session.
        fileprivate(set) var upload: Upload?
    }

    /// A file and the imports that were sent from it, by their ids.
    struct Upload: Sendable {
        /// Distinguishes it from a later file of the session.
        let id = hexadecimal(randomBytes(8))
        let file: UploadedFile
        let name: String?
        var importIDs: Set<String> = []
        /// The imports that apply a checked one, by its id; empty until they have an id.
        var appliedBy: [String: String] = [:]
    }

    /// The result of a form, shown on the page that follows it.
    struct Notice: Sendable, Equatable {
        let text: String
        var isFailure = false
        /// The API's own words, in English.
        var detail: String?
    }

    /// The time after which an unused session ends, in milliseconds.
    static let idleMilliseconds: Int64 = 12 * 3_600_000
    /// The time after which a session ends in any case, in milliseconds.
    static let ageMilliseconds: Int64 = 7 * Moment.dayMilliseconds
    /// The maximum number of sessions of one key; its own that was unused longest makes room.
    static let countMaxOfKey = 20
    /// The maximum number of sessions; the one that was unused longest makes room.
    static let countMax = 1_000
    /// The maximum number of files, with those that are being received; of the sessions that have
    /// one, the one that was unused longest loses it.
    static let uploadsMax = 8
    private static let tokenBytes = 32

    private let open = Mutex<[String: Session]>([:])
    /// The number of files that are being received; locked inside `open`.
    private let receiving = Mutex(0)

    /// Begins a session with new tokens.
    func begin(keyID: Int64, now: Moment) -> Session {
        let session = Session(
            token: hexadecimal(randomBytes(Self.tokenBytes)), keyID: keyID,
            formToken: hexadecimal(randomBytes(Self.tokenBytes)), begunAt: now, usedAt: now)
        open.withLock { open in
            let own = open.values.filter { $0.keyID == keyID }
            let crowd = own.count >= Self.countMaxOfKey ? own : Array(open.values)
            if own.count >= Self.countMaxOfKey || open.count >= Self.countMax,
                let idle = crowd.min(by: { $0.usedAt < $1.usedAt })
            {
                open[idle.token] = nil
            }
            open[session.token] = session
        }
        return session
    }

    /// Returns the session unless it has ended.
    ///
    /// - Parameter isUse: false for a request that the page makes by itself.
    func find(_ token: String, now: Moment, isUse: Bool) -> Session? {
        func isOver(_ session: Session) -> Bool {
            now.milliseconds - session.usedAt.milliseconds >= Self.idleMilliseconds
                || now.milliseconds - session.begunAt.milliseconds >= Self.ageMilliseconds
        }
        return open.withLock { open in
            for session in open.values where session.upload != nil && isOver(session) {
                open[session.token] = nil
            }
            guard let session = open[token] else { return nil }
            guard !isOver(session) else {
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

    /// Returns the notice and clears it.
    func takeNotice(of session: Session) -> Notice? {
        open.withLock { open in
            defer { open[session.token]?.notice = nil }
            return open[session.token]?.notice
        }
    }

    /// Returns the file of the session.
    func upload(in session: Session) -> Upload? { open.withLock { $0[session.token]?.upload } }

    /// Keeps a file in the session in place of an earlier one.
    func keep(_ upload: Upload?, in session: Session) {
        open.withLock { open in
            open[session.token]?.upload = upload
            guard upload != nil else { return }
            for own in open.values where own.keyID == session.keyID && own.token != session.token {
                open[own.token]?.upload = nil
            }
            _ = makeRoom(for: session, &open)
        }
    }

    /// Takes a place for a file before it is received; `leavePlace` gives it back.
    ///
    /// - Returns: false if other files are being received in all places.
    func takePlace(for session: Session) -> Bool {
        open.withLock { open in
            guard makeRoom(for: session, &open) else { return false }
            receiving.withLock { $0 += 1 }
            return true
        }
    }

    func leavePlace() {
        open.withLock { _ in receiving.withLock { $0 -= 1 } }
    }

    /// Returns whether there is room for a file of the session beside all others.
    private func makeRoom(for session: Session, _ open: inout [String: Session]) -> Bool {
        let others = open.values.filter { $0.upload != nil && $0.token != session.token }
        guard others.count + receiving.withLock({ $0 }) >= Self.uploadsMax else { return true }
        guard let idle = others.min(by: { $0.usedAt < $1.usedAt }) else { return false }
        open[idle.token]?.upload = nil
        return true
    }

    /// Changes what is known of a file at once.
    ///
    /// - Returns: nil if the session does not keep the file any more.
    @discardableResult func change<Result>(
        _ upload: Upload, in session: Session, _ change: (inout Upload) -> Result
    ) -> Result? {
        open.withLock { open in
            guard var kept = open[session.token]?.upload, kept.id == upload.id else { return nil }
            defer { open[session.token]?.upload = kept }
            return change(&kept)
        }
    }

    /// Ends all sessions of a revoked key.
    func end(keyID: Int64) {
        open.withLock { open in open = open.filter { $0.value.keyID != keyID } }
    }

    func end(_ token: String) {
        open.withLock { $0[token] = nil }
    }
}
