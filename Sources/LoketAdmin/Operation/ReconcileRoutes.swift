// Reconciliation over the admin API: start a pass, show its progress.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime

struct ReconcileRoutes {
    let reconciler: Reconciler

    func add(to routes: inout ScopedRoutes) {
        routes.on(.post, "reconcile", .write, use: start)
        routes.on(.get, "reconcile", .read, use: show)
    }

    /// Starts a pass unless one is running; GET shows the progress in both cases.
    @Sendable private func start(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        try context.requireEveryAccount()
        guard !reconciler.isOff else {
            throw Problem(
                .checkStatusOff, "set `check_status.base_url` in the settings and restart loket")
        }
        reconciler.start(now: .now)
        return response(.accepted)
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        try context.requireEveryAccount()
        return response(.ok)
    }

    private func response(_ status: HTTPResponse.Status) -> Response {
        let report = reconciler.report
        return .json(status) { body in
            body.field("state", report.state.rawValue)
            body.field("started_at", report.startedAt?.utcText)
            body.field("finished_at", report.finishedAt?.utcText)
            body.field("asked", Int64(report.asked))
            body.field("found", Int64(report.found))
            body.field("entered", Int64(report.entered))
            body.field("unpaid", Int64(report.unpaid))
            body.field("unknown", Int64(report.unknown))
            body.field("failed", Int64(report.failed))
            body.array("problems") { list in report.problems.forEach { list.string($0) } }
        }
    }
}
