// Updates the mark of an open database: on a separate thread, so that no commit waits for it, at
// most once per second, and only after a change. The mark may be a second old, and contains only
// data that is on disk.

import Foundation
import GRDB
import LoketCore
import Synchronization

final class MarkWriter: Sendable {
    private struct State {
        /// Whether a commit has requested an update that has not begun.
        var isAwaited = false
        var isClosing = false
        var isFailing = false
        var written: DatabaseMark?
    }

    private let state = Mutex(State())
    private let thread = WritingThread(name: "loket-mark")
    private let closing = DispatchSemaphore(value: 0)
    private let pool: DatabasePool
    private let report: @Sendable (MarkNotice) -> Void

    /// Writes the mark and starts the writing thread.
    ///
    /// - Parameter report: called once each time that writing the mark begins to fail.
    init(of pool: DatabasePool, report: @escaping @Sendable (MarkNotice) -> Void) {
        self.pool = pool
        self.report = report
        write()
        thread.start { [self] in writeAndPause() }
    }

    /// Requests an update after a commit. Returns immediately.
    func note() {
        let isFirst = state.withLock { state in
            defer { state.isAwaited = true }
            return !state.isAwaited
        }
        if isFirst { thread.wake() }
    }

    /// Ends the thread and writes the final mark. Call it while the database is open.
    func close() {
        state.withLock { $0.isClosing = true }
        closing.signal()
        thread.wake()
        thread.join()
        write()
    }

    // MARK: The writing thread

    /// - Returns: false after `close` was called.
    private func writeAndPause() -> Bool {
        state.withLock { $0.isAwaited = false }
        write()
        _ = closing.wait(timeout: .now() + .milliseconds(Limits.markMilliseconds))
        return state.withLock { !$0.isClosing }
    }

    private func write() {
        do {
            let path = pool.path
            let mark = try pool.read { database in
                try DatabaseMark(of: database, salts: DatabaseFile.logSalts(of: path))
            }
            guard state.withLock({ $0.written != mark }) else { return }
            try mark.write(besideDatabase: path)
            state.withLock { state in
                state.written = mark
                state.isFailing = false
            }
        } catch {
            let isNew = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            if isNew { report(.notWritten("\(error)")) }
        }
    }
}
