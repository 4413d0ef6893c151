// Works off imports, one at a time: compares, applies, undoes. What a stop leaves half done goes on
// at the next start.

import LoketCore
import LoketStore
import Logging
import ServiceLifecycle
import Synchronization

package final class ImportDesk: Service {
    private let store: BillStore
    private let log: Logger
    private let waiting: AsyncStream<ImportRecord>
    private let queue: AsyncStream<ImportRecord>.Continuation
    /// Rows compared so far, of the import that is being compared.
    private let compared = Mutex<[Int64: Int64]>([:])

    /// Before a batch that failed is tried again.
    private static let patience = Duration.seconds(1)

    package init(store: BillStore, log: Logger) {
        self.store = store
        self.log = log
        (waiting, queue) = AsyncStream.makeStream()
    }

    /// Has an import worked on from the phase that it is in.
    package func take(_ record: ImportRecord) {
        queue.yield(record)
    }

    /// How many rows have been compared, while it goes on.
    package func compared(of id: Int64) -> Int64? {
        compared.withLock { $0[id] }
    }

    package func run() async throws {
        do {
            for record in try await store.leftoverImports(now: .now) {
                try store.tidyImport(record)
                take(record)
            }
            try await store.trimImportFiles()
        } catch {
            log.error("imports that a stop left half done could not be read: \(error)")
        }
        for await record in waiting.cancelOnGracefulShutdown() {
            await cancelWhenGracefulShutdown { await self.work(on: record) }
            do {
                try await store.removeOldImportFiles()
            } catch {
                log.error("the notes of old imports could not be removed: \(error)")
            }
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
            return  // it goes on at the next start, or has failed by then
        } catch {
            log.error("import \(record.id) failed: \(error)")
            try? await store.endImport(record.id, as: .failed, failure: "\(error)", now: .now)
            if let ended = try? await store.import(id: record.id) { try? store.tidyImport(ended) }
        }
    }

    private func check(_ record: ImportRecord) async throws {
        defer { compared.withLock { $0[record.id] = nil } }
        let state = try await store.checkImport(
            record, unreadable: record.difference.refused, now: .now
        ) { [self] count in
            compared.withLock { $0[record.id] = count }
        }
        guard state == .running, let checked = try await store.import(id: record.id) else {
            log.info("import \(record.id) \(state.rawValue)")
            return
        }
        await work(on: checked)
    }

    /// Batch after batch until it is over. A machine that fails for a while is waited for: what
    /// is half applied shall not stay so.
    private func repeated(
        _ record: ImportRecord, _ batch: (Int64) async throws -> ImportRecord
    ) async throws {
        var record = record
        while record.state == .running {
            try Task.checkCancellation()
            do {
                record = try await batch(record.id)
            } catch  where BillStore.mayPass(error) {
                log.error("import \(record.id) waits: \(error)")
                try await Task.sleep(for: Self.patience)
            }
        }
        try store.tidyImport(record)
        log.info(
            "import \(record.id) \(record.state.rawValue)",
            metadata: [
                "created": "\(record.created)", "changed": "\(record.changed)",
                "overtaken": "\(record.overtaken)", "held": "\(record.held)",
            ])
    }
}
