// Deletes journal rows that are older than they are kept for: a few at a time, once an hour.

import LoketCore
import LoketStore
import Logging
import ServiceLifecycle

struct JournalPruning: Service {
    let store: BillStore
    let keepDays: Int
    let log: Logger

    private static let interval = Duration.seconds(3600)
    private static let millisecondsPerDay: Int64 = 86_400_000

    func run() async throws {
        while true {
            do {
                try await prune()
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
                return  // stopping, in order or because another part failed
            }
        }
    }

    private func prune() async throws {
        let cutoff = Moment.now.adding(milliseconds: -Int64(keepDays) * Self.millisecondsPerDay)
        while try await store.pruneInquiries(receivedBefore: cutoff)
            == Limits.journalPruneRowsMax
        {
            await Task.yield()
        }
    }
}
