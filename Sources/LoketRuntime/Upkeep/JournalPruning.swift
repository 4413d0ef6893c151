// Deletes journal rows and files of finished imports that are older than the configured number of
// days: a few at a time, once an hour. Their age does not depend only on the wall clock
// (LoketCore/Time/PruningClock.swift).

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle

package struct JournalPruning: Service {
    package let store: Store
    package let keepDays: Int
    /// The number of days for which files of finished imports are stored.
    package let importDays: Int
    package let log: Logger

    package init(
        store: Store, keepDays: Int, importDays: Int, log: Logger
    ) {
        self.store = store
        self.keepDays = keepDays
        self.importDays = importDays
        self.log = log
    }

    private static let interval = Duration.seconds(3600)
    private static let warningInterval = Duration.seconds(86_400)
    private static let millisecondsPerDay: Int64 = 86_400_000

    package func run() async throws {
        var advance = Limits.pruningClockMilliseconds
        var began = ContinuousClock.now
        var warned: ContinuousClock.Instant?
        while true {
            do {
                switch try await prune(wall: .now, advancing: advance) {
                case .pruned: advance = 0
                case .nothingOld: break
                case .refused where warned.map({ began - $0 >= Self.warningInterval }) ?? true:
                    warned = began
                    log.warning(
                        """
                        old journal rows and row notes of imports are not deleted: this machine's \
                        clock is more than a day from the time of the newest inquiry; if the clock \
                        is right, the next inquiry starts the deletion again
                        """)
                case .refused: break
                }
            } catch is CancellationError {
                return
            } catch {
                log.error("old journal rows could not be deleted: \(error)")
            }
            do {
                try await cancelWhenGracefulShutdown {
                    try await Task.sleep(for: Self.interval)
                }
            } catch {
                return  // a graceful shutdown, or another part has failed
            }
            let now = ContinuousClock.now
            advance += (now - began).microseconds / 1000
            began = now
        }
    }

    package enum Outcome {
        case pruned
        /// The wall clock or the newest row is wrong, and no row is old by the wall clock.
        case nothingOld
        /// The wall clock or the newest row is wrong, and rows seem old.
        case refused
    }

    /// - Parameters:
    ///   - wall: the time of the wall clock.
    ///   - milliseconds: the maximum advance of the stored pruning time.
    package func prune(wall: Moment, advancing milliseconds: Int64) async throws -> Outcome {
        let kept = Int64(keepDays) * Self.millisecondsPerDay
        guard let time = try await store.pruningTime(wall: wall, advancing: milliseconds) else {
            let oldest = try await store.oldestInquiry() ?? wall
            return oldest < wall.adding(milliseconds: -kept) ? .refused : .nothingOld
        }
        let cutoff = time.adding(milliseconds: -kept)
        var gone = 0
        while true {
            let count = try await store.pruneInquiries(receivedBefore: cutoff)
            gone += count
            guard count == Limits.journalPruneRowsMax else { break }
            await Task.yield()
        }
        try await store.pruneRefusedRequests(receivedBefore: cutoff)
        if gone > 0 {
            log.info(
                "deleted old journal rows",
                metadata: ["rows": .number(gone), "received_before": "\(cutoff.utcText)"])
        }
        try await pruneImports(now: time)
        return .pruned
    }

    private func pruneImports(now: Moment) async throws {
        let cutoff = now.adding(milliseconds: -Int64(importDays) * Self.millisecondsPerDay)
        let gone = try await store.removeImportFiles(finishedBefore: cutoff)
        guard gone > 0 else { return }
        log.info(
            "deleted the row notes of old imports",
            metadata: ["imports": "\(gone)", "finished_before": "\(cutoff.utcText)"])
    }
}
