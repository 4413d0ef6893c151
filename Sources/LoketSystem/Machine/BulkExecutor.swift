// Threads of low priority for bulk work, such as an import or a backup. On a busy core the threads
// that answer DOKU run first.

import Dispatch

/// Runs the jobs of a task on threads of low priority. A job may wait for a disk.
///
///     let digest = try await BulkExecutor.run { try digest(ofFile: path) }
///     Task(executorPreference: BulkExecutor.shared) { … }   // an asynchronous task
package final class BulkExecutor: TaskExecutor {
    package static let shared = BulkExecutor()

    /// On Linux, Dispatch runs work of this class on threads with the nice value 10, which get a
    /// tenth of the time of another busy thread on the same core.
    package static let priority = DispatchQoS.background

    private let queue = DispatchQueue(
        label: "loket-bulk", qos: BulkExecutor.priority, attributes: .concurrent)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    /// Runs a synchronous function.
    package static func run<Value: Sendable>(
        _ body: @Sendable () throws -> Value
    ) async rethrows -> Value {
        try await withTaskExecutorPreference(shared) { try body() }
    }
}
