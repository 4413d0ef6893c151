// Into the quarantine, at a bounded rate, and out of it: a retry verifies everything again, by the
// secrets and the path that are in force by then.

import DokuWire
import LoketCore
import LoketStore
import Logging

package final class QuarantineDoor: Sendable {
    private let store: BillStore
    private let log: Logger
    private let allowances = Allowances<Int64>(burst: Limits.quarantineBurst)

    package init(store: BillStore, log: Logger) {
        self.store = store
        self.log = log
    }

    /// Keeps a request, unless too many came at once; nobody waits for it.
    package func keep(_ request: Quarantined) {
        guard allowances.take(request.accountID) else { return }
        store.quarantine(request) { [log] result in
            switch result {
            case .success:
                log.error(
                    "a notification under our Client-Id did not verify and is in quarantine",
                    metadata: ["cause": "\(request.cause)"])
            case .failure(let error):
                log.error("a notification that did not verify could not be kept: \(error)")
            }
        }
    }

    /// Verifies everything again, oldest first, and enters what passes.
    ///
    /// - Parameter accountID: only this account's; nil: every account's.
    /// - Returns: how many passed, and how many stay.
    package func retry(
        by responder: NotificationResponder, accountID: Int64? = nil
    ) async throws -> (entered: Int, kept: Int) {
        var (entered, kept) = (0, 0)
        // Ids first: a row at a time is then read, so that memory stays bounded.
        for id in try await store.quarantineIDs(accountID: accountID) {
            guard let record = try await store.quarantined(id: id) else { continue }
            let request = record.request
            let step = responder.begin(
                headers: request.headers, body: request.body, now: request.receivedAt)
            guard case .record(let verified) = step,
                verified.delivery.accountID == request.accountID
            else {
                kept += 1
                continue
            }
            _ = try await store.take(verified.delivery, verified.told)
            try await store.leaveQuarantine(id: id)
            entered += 1
        }
        if entered > 0 { log.info("quarantine retried", metadata: ["entered": "\(entered)"]) }
        return (entered, kept)
    }
}
