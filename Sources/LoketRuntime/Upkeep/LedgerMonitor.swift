// Maintains the ledger while the service runs. Classifies notifications that a crash or a fault
// left unclassified, and rereads those that an earlier version could not read. Verifies the chain
// of hashes once from its beginning, then its new rows every hour. Logs the head of the chain,
// because a change to the database file cannot change the log.

import Logging
import LoketCore
import LoketStore
import LoketSystem
import ServiceLifecycle
import Synchronization

package final class LedgerMonitor: Service {
    private let store: Store
    private let registry: AccountRegistry
    private let log: Logger
    private let found = Mutex<[String]>([])

    private static let interval = Duration.seconds(3600)

    package init(store: Store, registry: AccountRegistry, log: Logger) {
        self.store = store
        self.registry = registry
        self.log = log
    }

    /// The problems of the ledger, for /ready.
    package var problems: [String] { found.withLock { $0 } }

    /// Verifies the last links of the chain and classifies unclassified notifications, before any
    /// request is answered. A damaged ledger is reported and does not stop payments.
    package func checkAtStart() async {
        do {
            try await checkTail()
        } catch {
            report("the ledger cannot be read: \(error)")
        }
    }

    private func checkTail() async throws {
        var tail = LedgerChain(after: try await store.ledgerHead(back: Limits.ledgerLinksAtStart))
        try await walk(&tail)
        let bins = registry.settings.bins
        let (done, faults) = try await store.classifyPending { delivery in
            DeliveryContents(delivery, bins: bins[delivery.clientID] ?? BINTable([]))
        }
        if done > 0 {
            log.info(
                "classified notifications that were recorded but not yet classified",
                metadata: ["count": .number(done)])
        }
        for fault in faults { report("a notification cannot be classified: \(fault)") }
    }

    package func run() async throws {
        var chain = LedgerChain()
        while true {
            do {
                try await readAgain()
                try await readChannels()
                try await walk(&chain)
                log.info(
                    "the ledger was checked up to its last entry",
                    metadata: [
                        "number": "\(chain.head.number)",
                        "hash": "\(hexadecimal(chain.head.hash))",
                    ])
                try await cancelWhenGracefulShutdown {
                    try await Task.sleep(for: Self.interval)
                }
            } catch is CancellationError {
                return
            } catch {
                log.error("the ledger could not be checked: \(error)")
                guard (try? await Task.sleep(for: .seconds(60))) != nil else { return }
            }
            if Task.isShuttingDownGracefully { return }
        }
    }

    /// Rereads notifications that an earlier version could not read; lists the readable ones.
    private func readAgain() async throws {
        let listed = try await store.readAgain(
            readDelivery, now: .now,
            isStopping: { Task.isShuttingDownGracefully || Task.isCancelled })
        guard listed > 0 else { return }
        log.warning(
            """
            this version can read notifications that an earlier version could not read: run \
            `loket attention list`
            """,
            metadata: ["count": .number(listed)])
    }

    /// Reads the channels of notifications that an earlier version recorded without them.
    private func readChannels() async throws {
        let count = try await store.readChannels(
            readDelivery, isStopping: { Task.isShuttingDownGracefully || Task.isCancelled })
        guard count > 0 else { return }
        log.info(
            "the channels of earlier payments were read", metadata: ["count": .number(count)])
    }

    private func walk(_ chain: inout LedgerChain) async throws {
        let before = chain.broken.count
        while try await store.follow(&chain, rows: Limits.ledgerRowsAtOnce)
            == Limits.ledgerRowsAtOnce
        {
            if Task.isShuttingDownGracefully || Task.isCancelled { return }
            await Task.yield()
        }
        for number in chain.broken.dropFirst(before) {
            report(
                "notification \(number) of the ledger is damaged: compare it with a backup and "
                    + "with DOKU's reports")
        }
    }

    private func report(_ problem: String) {
        let isNew = found.withLock { found in
            guard !found.contains(problem) else { return false }
            found.append(problem)
            return true
        }
        if isNew { log.error("\(problem)") }
    }
}
