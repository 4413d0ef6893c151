// The timer that makes backups. A backup is due when the last good backup is old enough; a failed
// backup is retried later. The only record is the files in the folder, so a restart continues the
// schedule.

import Logging
import LoketCore
import LoketStore
import LoketSystem
import ServiceLifecycle
import Synchronization

package final class BackupSchedule: Service {
    private struct State {
        var due: BackupDue
        var failing: ServiceCounts.Failing?
        var lastAt: Moment?
        /// The lock of the folder, held from the first backup until the service stops.
        var lock: LockFile?
    }

    /// The folder for backups; nil if the timer is off.
    private let folder: BackupFolder?
    private let settings: Settings
    private let store: Store
    private let clock: ServiceClock
    private let log: Logger
    private let state: Mutex<State>

    package init(_ settings: Settings, store: Store, clock: ServiceClock, log: Logger) {
        self.settings = settings
        self.store = store
        self.clock = clock
        self.log = log
        let path = settings.backup.folder
        let folder = path.isEmpty ? nil : BackupFolder(path)
        self.folder = folder
        let now = clock.now()
        let due = BackupDue(everyMilliseconds: settings.backup.everyMilliseconds, startedAt: now)
        let copies = (try? folder?.copies()) ?? []
        state = Mutex(State(due: due, lastAt: BackupFolder.last(of: copies, now: now)))
    }

    // MARK: Results

    /// The state of the timer; nil if it is off.
    package var timer: ServiceCounts.BackupTimer? {
        guard folder != nil else { return nil }
        return state.withLock {
            .init(everyMilliseconds: $0.due.everyMilliseconds, failing: $0.failing)
        }
    }

    /// The time of the last good backup.
    package var lastAt: Moment? { state.withLock(\.lastAt) }

    // MARK: Making backups

    package func run() async {
        defer { state.withLock { $0.lock?.release() } }
        guard folder != nil, clock.interval != nil else {
            try? await gracefulShutdown()
            return
        }
        for entry in BackupFolder.entries(settings) where entry.isProblem || entry.isNote {
            log.warning("\(entry.text)", metadata: ["check": "\(entry.item.rawValue)"])
        }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await cancelWhenGracefulShutdown {
                await self.makeIfDue()
                try? await Task.sleep(for: .seconds(Limits.backupTickSeconds))
            }
        }
    }

    /// Makes a backup if one is due. Calls must not overlap.
    package func makeIfDue() async {
        guard let folder else { return }
        let now = clock.now()
        // Backups may have been removed. If the folder cannot be read, the last known time is used.
        if let copies = try? folder.copies() {
            state.withLock { $0.lastAt = BackupFolder.last(of: copies, now: now) }
        }
        guard now >= state.withLock({ $0.due.time(last: $0.lastAt) }) else { return }
        do {
            try await make(in: folder, now: now)
        } catch is CancellationError {
            return
        } catch {
            guard !Task.isCancelled else { return }
            failed("\(error)", at: now)
        }
    }

    private func make(in folder: BackupFolder, now: Moment) async throws {
        let began = ContinuousClock.now
        let lock = try state.withLock { $0.lock } ?? store.lockBackups(in: folder)
        state.withLock { $0.lock = lock }
        // Frees space first, if `keep` was reduced.
        var gone = try folder.prune(keeping: settings.backup.keep, now: now)
        let made = try await store.keepBackup(
            in: folder, holding: lock, read: readDelivery, now: now)
        state.withLock { state in
            state.due.succeeded()
            state.failing = nil
            state.lastAt = made.name.takenAt
        }
        var fields: Logger.Metadata = [
            "file": "\(made.name.file)", "bytes": .number(made.byteCount),
            "sha256": "\(hexadecimal(made.digest.bytes))",
            "milliseconds": .number((ContinuousClock.now - began).microseconds / 1000),
        ]
        gone += try folder.prune(keeping: settings.backup.keep, now: now)
        if !gone.isEmpty { fields["removed"] = "\(gone.map(\.file).joined(separator: " "))" }
        log.info("made a backup and checked it", metadata: fields)
    }

    private func failed(_ reason: String, at now: Moment) {
        let next = state.withLock { state in
            state.due.failed(at: now)
            state.failing = ServiceCounts.Failing(
                since: state.failing?.since ?? now, reason: reason)
            return state.due.time(last: nil)
        }
        log.error(
            "the backup failed: \(reason)", metadata: ["next_try": "\(next.utcText)"])
    }
}
