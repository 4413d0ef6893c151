// Processes imports, one at a time: compares, applies or undoes their rows. An import interrupted
// by a stop continues at the next start. A cancelled import ends between two batches.

import LoketCore
import LoketStore
import LoketSystem
import Logging
import ServiceLifecycle
import Synchronization

package final class ImportRunner: Service {
    private let store: Store
    private let log: Logger
    private let waiting: AsyncStream<ImportRecord>
    private let queue: AsyncStream<ImportRecord>.Continuation
    private let going = Mutex<[Int64: Progress]>([:])
    private let current = Mutex<(id: Int64, task: Task<Void, Never>)?>(nil)

    /// The progress of an import that is being processed.
    package struct Progress: Sendable {
        /// The number of rows compared so far; nil unless rows are being compared.
        package var compared: Int64?
        /// The failure that delays the next batch; nil if there is none.
        package var waitsFor: String?
    }

    /// The pause before a failed batch is retried.
    private static let patience = Duration.seconds(1)

    package init(store: Store, log: Logger) {
        self.store = store
        self.log = log
        (waiting, queue) = AsyncStream.makeStream()
    }

    /// Queues an import, which continues from its current phase.
    package func take(_ record: ImportRecord) {
        queue.yield(record)
    }

    /// Ends the work on an import that was cancelled in the database.
    package func cancel(_ id: Int64) {
        current.withLock { current in
            if current?.id == id { current?.task.cancel() }
        }
    }

    package func progress(of id: Int64) -> Progress {
        going.withLock { $0[id] ?? Progress() }
    }

    package func run() async throws {
        await withTaskExecutorPreference(BulkExecutor.shared) { await workOnQueue() }
    }

    private func workOnQueue() async {
        do {
            for record in try await store.leftoverImports(now: .now) {
                try store.tidyImport(record)
                take(record)
            }
        } catch {
            log.error("imports that the last stop interrupted could not be read: \(error)")
        }
        do {
            try await store.trimImportFiles()
        } catch {
            log.error("the files of ended imports could not be trimmed: \(store.explained(error))")
        }
        for await record in waiting.cancelOnGracefulShutdown() {
            await cancelWhenGracefulShutdown { await self.begin(record) }
            going.withLock { $0[record.id] = nil }
            do {
                try await store.removeOldImportFiles()
            } catch {
                log.error("the row notes of old imports could not be deleted: \(error)")
            }
        }
    }

    /// Processes an import until it ends or is cancelled, unless it was cancelled in the queue.
    private func begin(_ taken: ImportRecord) async {
        let record = (try? await store.import(id: taken.id)) ?? taken
        let task = Task(executorPreference: BulkExecutor.shared) { await self.work(on: record) }
        current.withLock { $0 = (record.id, task) }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        current.withLock { $0 = nil }
        guard let ended = try? await store.import(id: record.id), ended.state != .running else {
            return
        }
        // The rows of a cancelled import are still stored.
        if ended.state == .failed { try? store.tidyImport(ended) }
        do {
            try await store.forgetAgain(in: ended)
        } catch {
            let reason = store.explained(error)
            log.error(
                "the rows of forgotten customers stay in the file of an import: \(reason)",
                metadata: ["import": "\(record.id)"])
        }
    }

    private func work(on record: ImportRecord) async {
        do {
            switch record.phase {
            case .checking: try await check(record)
            case .applying:
                try await repeated(record) { [store] in
                    try await store.applyBatch(of: $0, now: .now)
                }
            case .undoing:
                try await repeated(record) { [store] in
                    try await store.undoBatch(of: $0, now: .now)
                }
            case .receiving, nil: return
            }
        } catch is CancellationError {
            return  // the import continues at the next start, or has already failed
        } catch {
            let hasBegun = record.phase != .checking
            let failure = "\(store.explained(error))" + (hasBegun ? "" : "; nothing was applied")
            log.error("import failed: \(failure)", metadata: ["import": "\(record.id)"])
            try? await store.endImport(record.id, as: .failed, failure: failure, now: .now)
        }
    }

    private func check(_ record: ImportRecord) async throws {
        let state = try await store.checkImport(
            record, unreadable: record.difference.refused, now: .now
        ) { [self] count in
            going.withLock { $0[record.id, default: Progress()].compared = count }
        }
        going.withLock { $0[record.id] = nil }
        guard state == .running, let checked = try await store.import(id: record.id) else {
            log.info("import \(state.rawValue)", metadata: ["import": "\(record.id)"])
            return
        }
        await work(on: checked)
    }

    /// Runs batches until the import ends. Temporary failures, such as a full disk, are retried
    /// without limit: no import may stay half applied.
    private func repeated(
        _ record: ImportRecord, _ batch: (Int64) async throws -> ImportRecord
    ) async throws {
        var record = record
        while record.state == .running {
            try Task.checkCancellation()
            do {
                record = try await batch(record.id)
                going.withLock { $0[record.id] = nil }
            } catch  where Store.isRetryable(error) {
                let reason = "\(store.explained(error))"
                let isNew = going.withLock { going in
                    defer { going[record.id, default: Progress()].waitsFor = reason }
                    return going[record.id]?.waitsFor == nil
                }
                if isNew {
                    log.error("import waits: \(reason)", metadata: ["import": "\(record.id)"])
                }
                try await Task.sleep(for: Self.patience)
            }
        }
        do {
            try store.tidyImport(record)
        } catch {
            let reason = store.explained(error)
            log.error(
                "the rows of an import cannot be deleted until the next start: \(reason)",
                metadata: ["import": "\(record.id)"])
        }
        log.info(
            "import \(record.state.rawValue)",
            metadata: [
                "import": "\(record.id)",
                "created": .number(record.created), "changed": .number(record.changed),
                "overtaken": .number(record.overtaken), "held": .number(record.held),
            ])
    }
}
