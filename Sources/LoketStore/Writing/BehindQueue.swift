// The low-priority writes of the write queue.

import Dispatch
import LoketSystem
import Synchronization

/// Performs writes one at a time, each when the write queue has nothing else to do, on a thread of
/// low priority. While it writes, the write queue waits for the database, not for this queue.
final class BehindQueue: Sendable {
    private struct State {
        var waiting: [QueuedWrite] = []
        var isWriting = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "loket-behind", qos: BulkExecutor.priority)

    func add(_ write: QueuedWrite) {
        state.withLock { $0.waiting.append(write) }
    }

    /// Whether no write waits or is being performed.
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty && !$0.isWriting } }

    /// Begins the next write, unless there is none or one is being performed.
    ///
    /// - Parameters:
    ///   - perform: called on the thread of low priority.
    ///   - whenDone: called after it.
    func beginNext(
        _ perform: @escaping @Sendable (QueuedWrite) -> Void,
        whenDone: @escaping @Sendable () -> Void
    ) {
        let write: QueuedWrite? = state.withLock { state in
            guard !state.isWriting, !state.waiting.isEmpty else { return nil }
            state.isWriting = true
            return state.waiting.removeFirst()
        }
        guard let write else { return }
        queue.async { [self] in
            perform(write)
            state.withLock { $0.isWriting = false }
            whenDone()
        }
    }
}
