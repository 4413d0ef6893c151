// SIGHUP: accounts, secrets and the hosts of the admin listener are read again and taken whole, or not
// at all.

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
    let log: Logger

    /// One after the other, and apart: a stop never waits for a disk that does not answer.
    private let queue = DispatchQueue(label: "loket-reload")

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            queue.async {
                do {
                    try reload()
                    log.info("accounts, secrets and admin hosts reloaded")
                } catch {
                    log.error("reload refused, the old accounts stay: \(error)")
                }
            }
        }
    }

    private func reload() throws {
        let settings = try reread()
        let problems = try StartChecks.stranded(settings, in: store)
        guard problems.isEmpty else { throw StartRefused(problems) }
        let ids = try store.registerAccounts(settings.accounts.map(\.clientID))
        directory.replace(with: settings, ids: ids)
    }
}
