// SIGHUP: accounts, secrets and the hosts of the admin listener are read again and taken whole, or
// not at all. The log says what changed, and which other settings wait for a restart.

import Dispatch
import LoketCore
import LoketStore
import Logging
import ServiceLifecycle
import UnixSignals

struct SettingsReload: Service {
    let reread: @Sendable () throws -> Settings
    let store: BillStore
    let directory: Directory
    let state: ReloadState
    let supervisor: Supervisor
    /// Called after one that was taken.
    let afterwards: @Sendable () async -> Void
    let log: Logger

    /// One after the other, and apart: a stop never waits for a disk that does not answer.
    private let queue = DispatchQueue(label: "loket-reload")

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            queue.async { supervisor.reloads(reloadAndReport) }
        }
    }

    /// A line for each problem; nothing is taken where there is one.
    func reloadAndReport() {
        do {
            let change = try reload()
            state.taken()
            Task { await afterwards() }
            let taken =
                change.taken.isEmpty ? "nothing changed" : change.taken.joined(separator: "; ")
            log.info("reloaded accounts, secrets and admin hosts: \(taken)")
            for path in change.waiting {
                log.warning(
                    "\(path) was changed in the settings and needs a restart",
                    metadata: ["setting": "\(path)"])
            }
        } catch {
            state.refused(error, at: .now)
            let problems = "\(error)".split(separator: "\n")
            for problem in problems {
                log.error("reload refused, the old accounts stay: \(problem)")
            }
        }
    }

    private func reload() throws -> SettingsChange {
        let settings = try reread()
        if !settings.allowStranded {
            let stranded = try store.strandedBills(bins: settings.bins)
            guard stranded.isEmpty else {
                throw StartRefused(stranded.map { .problem(.bins, $0.problem) })
            }
        }
        let change = SettingsChange(from: directory.settings, to: settings)
        let ids = try store.registerAccounts(settings.accounts.map(\.clientID))
        directory.replace(with: settings, ids: ids)
        return change
    }
}
