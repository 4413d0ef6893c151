// /ready: needs no key and shows no bill data. Findings are listed by name; only keys see their
// sentences, the actor and reason of a pause, and the number of items that wait.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketRuntime

struct ReadyRoute {
    let watch: ServiceWatch
    let registry: AccountRegistry
    let pages: PageMonitor

    func add(to router: Router<AdminContext>, keys: KeyMiddleware) {
        router.group().add(middleware: keys.optional).get("ready", use: ready)
    }

    /// Responds 200 while inquiries are answered from the database and journaled; otherwise 503
    /// with the reasons.
    @Sendable private func ready(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let report = watch.report
        let isReady = report.failures.isEmpty
        let (paused, names) = (registry.pauses, registry.clientIDs)
        return .json(isReady ? .ok : .serviceUnavailable) { body in
            body.field("ready", isReady)
            body.array("problems") { list in report.failures.forEach { list.string($0) } }
            body.field("state", report.state.rawValue)
            body.array("findings") { list in
                for finding in report.findings { list.string(finding.kind.rawValue) }
            }
            body.field("paused", !paused.isEmpty)
            if let key = context.key {
                if key.accountID == nil {
                    body.object("waiting") { report.counts.writeWaiting(to: &$0) }
                }
                body.array("pauses") { list in
                    for pause in paused where context.maySee(pause) {
                        list.object { pause.write(to: &$0, accounts: names) }
                    }
                }
            }
            body.field("pages_checked_at", pages.finishedAt?.utcText)
            body.field("at", Moment.now.utcText)
        }
    }
}
