// Reloads the settings on SIGHUP. Accounts, secrets and the hosts of the admin listener are applied
// together or not at all. The log lists the changes, and the changed settings that need a restart.

import Dispatch
import Logging
import LoketCore
import LoketRuntime
import LoketStore
import ServiceLifecycle
import UnixSignals

struct SettingsReload: Service {
    private let runtime: Runtime
    private let reread: @Sendable () throws -> Settings
    private let supervisor: Supervisor
    private let afterwards: @Sendable () async -> Void

    /// Reloads run serially on a separate queue, so that a stop never waits for a slow disk.
    private let queue = DispatchQueue(label: "loket-reload")

    /// - Parameter afterwards: called after a successful reload.
    init(
        _ runtime: Runtime, reread: @escaping @Sendable () throws -> Settings,
        supervisor: Supervisor, afterwards: @escaping @Sendable () async -> Void
    ) {
        self.runtime = runtime
        self.reread = reread
        self.supervisor = supervisor
        self.afterwards = afterwards
    }

    private var log: Logger { runtime.log }

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            queue.async { supervisor.reloads(reloadAndReport) }
        }
    }

    /// Reloads the settings; with any problem, applies nothing and logs a line for each.
    func reloadAndReport() {
        do {
            let change = try reload()
            runtime.reload.taken()
            Task { await afterwards() }
            let taken =
                change.taken.isEmpty ? "nothing changed" : change.taken.joined(separator: "; ")
            log.info("reloaded accounts, secrets and admin hosts: \(taken)")
            for path in change.waiting {
                log.warning(
                    "the setting \(path) was changed and takes effect after a restart",
                    metadata: ["setting": "\(path)"])
            }
        } catch {
            runtime.reload.refused(error, at: .now)
            let problems = "\(error)".split(separator: "\n")
            for problem in problems {
                log.error("reload refused, the old accounts stay active: \(problem)")
            }
        }
    }

    private func reload() throws -> SettingsChange {
        let settings = try reread()
        if !settings.allowStranded {
            let stranded = try runtime.store.strandedBills(bins: settings.bins)
            guard stranded.isEmpty else { throw StartRefused(stranded.map(\.problem)) }
        }
        let change = SettingsChange(from: runtime.registry.settings, to: settings)
        let ids = try runtime.store.registerAccounts(settings.accounts.map(\.clientID))
        runtime.registry.replace(with: settings, ids: ids)
        return change
    }
}
