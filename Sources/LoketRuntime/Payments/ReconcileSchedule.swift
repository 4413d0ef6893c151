// Runs reconciliation every ten minutes and on request, if Check Status is configured.

import LoketCore
import LoketStore
import ServiceLifecycle

package struct ReconcileSchedule: Service {
    package let reconciler: Reconciler

    package init(reconciler: Reconciler) {
        self.reconciler = reconciler
    }

    package func run() async throws {
        guard !reconciler.isOff else {
            try? await gracefulShutdown()
            return
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await everyInterval() }
            group.addTask {
                for await now in reconciler.begun.cancelOnGracefulShutdown() {
                    await untilShutdown { await reconciler.goOn(now: now) }
                }
            }
        }
    }

    private func everyInterval() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await untilShutdown {
                try? await Task.sleep(for: .seconds(Limits.checkStatusIntervalSeconds))
                guard !Task.isCancelled else { return }
                await reconciler.pass(now: .now, isScheduled: true)
            }
        }
    }

    private func untilShutdown(_ work: @escaping @Sendable () async -> Void) async {
        await cancelWhenGracefulShutdown { await work() }
    }
}

/// Reconciliation of a restored copy, or of a database that has lost commits. Only DOKU knows the
/// payments and quotes since the backup, so every bill that could have been paid is looked up at
/// DOKU, not only the quotes in the journal. Inquiries may be resumed only after DOKU has answered
/// every request.
extension Reconciler {
    /// Marks the restoration as reconciled if DOKU answered every request.
    func catchUp(with restoration: Restoration) async throws {
        let since = restoration.backedUpAt.adding(
            milliseconds: -Int64(settings.windowHours) * 3_600_000)
        let perInquiry = registry.current.invoicePerInquiry
        let withReusable = perInquiry == .never
        try await askPages { place in
            try await store.billsPayable(
                since: restoration.backedUpAt, withReusable: withReusable, from: place,
                limit: Limits.checkStatusPageRows)
        }
        try await askPages { place in
            try await store.quotesUnpaid(
                since: since, besidesBillsSince: restoration.backedUpAt,
                withReusable: withReusable, from: place, limit: Limits.checkStatusPageRows)
        }
        if perInquiry == .always {
            note(
                failure: "invoice_per_inquiry is always, so only DOKU knows the invoice numbers "
                    + "since \(restoration.backedUpAt.utcText): compare the bills with DOKU's "
                    + "reports, then run `loket resume --accept-risk`")
        }
        guard report.failed == 0, !Task.isCancelled else { return }
        try await store.noteReconciled(restoration, now: .now)
        log.info(
            "everything since the backup is reconciled: run `loket resume` to answer inquiries",
            metadata: ["backed_up_at": "\(restoration.backedUpAt.utcText)"])
    }

    private func askPages(
        _ read: (UnaskedPage.Place) async throws -> UnaskedPage
    ) async throws {
        var place: UnaskedPage.Place? = .start
        while let from = place, !Task.isCancelled {
            let page = try await read(from)
            let known = accounts
            for (accountID, invoices) in Dictionary(grouping: page.invoices, by: \.accountID)
            where known[accountID] == nil {
                let name = registry.clientIDs[accountID] ?? "\(accountID)"
                note(
                    failure: "\(invoices.count) invoices of \(name) cannot be reconciled: add the "
                        + "account to the settings")
            }
            await ask(page.invoices, tries: Limits.checkStatusTriesAfterRestore)
            place = page.next
        }
    }
}
