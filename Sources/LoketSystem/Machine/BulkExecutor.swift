// Threads of low priority for bulk work, such as an import or a backup. On a busy core the threads
// that answer DOKU run first.

import Dispatch
import Foundation

/// Runs the jobs of a task on threads of low priority. A job may wait for a disk.
///
///     let digest = try await BulkExecutor.run { try digest(ofFile: path) }
///     Task(executorPreference: BulkExecutor.shared) { … }   // an asynchronous task
package final class BulkExecutor: TaskExecutor {
    package static let shared = BulkExecutor()

    /// On Linux, Dispatch runs work of this class on threads with the nice value 10, which get a
    /// tenth of the time of another busy thread on the same core.
    package static let priority = DispatchQoS.background
    private static let niceness: Int32 = 10

    private let queue = DispatchQueue(
        label: "loket-bulk", qos: BulkExecutor.priority, attributes: .concurrent)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    /// Begins a function that nobody waits for.
    package func start(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Gives the calling thread the priority of this executor's threads, until the thread ends.
    package static func lowerPriorityOfThisThread() {
        // On Linux this is the nice value of the thread, not of the process (setpriority(2)).
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }

    /// Runs a synchronous function.
    package static func run<Value: Sendable>(
        _ body: @Sendable () throws -> Value
    ) async rethrows -> Value {
        try await withTaskExecutorPreference(shared) { try body() }
    }
}
