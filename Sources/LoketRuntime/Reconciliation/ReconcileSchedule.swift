// Carries out reconciliation: every ten minutes where Check Status is configured, and whenever
// somebody asks for it.

import LoketCore
import ServiceLifecycle

package struct ReconcileSchedule: Service {
    package let reconciler: Reconciler

    package init(
        reconciler: Reconciler
    ) {
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
