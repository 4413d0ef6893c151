// /ready: open to whoever reaches the admin listener, and free of bill data. Who paused what and why
// is for keys.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct StatusRoutes {
    let readiness: Readiness
    let tally: Tally
    let journal: Journal
    let directory: Directory
    let store: BillStore
    let ledger: LedgerWatch
    let pages: PageWatch

    func add(to router: Router<AdminContext>, keys: KeyMiddleware) {
        router.group().add(middleware: keys.optional).get("ready", use: ready)
    }

    // MARK: /ready

    /// 200 while inquiries are answered from the database and journaled; else 503 and why.
    @Sendable private func ready(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let problems = problems
        let (paused, names) = (directory.pauses, directory.clientIDs)
        return .json(problems.isEmpty ? .ok : .serviceUnavailable) { body in
            body.field("ready", problems.isEmpty)
            body.array("problems") { list in problems.forEach { list.string($0) } }
            body.field("paused", !paused.isEmpty)
            if context.key != nil {
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

    private var problems: [String] {
        var problems: [String] = []
        if !readiness.isUp { problems.append("a listener is not accepting") }
        if tally.isStoreFailing { problems.append("look-ups keep failing: see the log") }
        let health = journal.health
        if let failure = health.failing { problems.append("the journal cannot write: \(failure)") }
        if health.waiting > Limits.journalQueueMax / 2 {
            problems.append("the journal is more than half full")
        }
        let writing = store.writing
        if let failure = writing.failing { problems.append("writes fail: \(failure)") }
        if writing.waiting > Limits.commitQueueMax / 2 {
            problems.append("more than half of the writes that may wait do")
        }
        if tally.current.unclassified > 0 {
            problems.append("notifications are on record and could not be classified: see the log")
        }
        return problems + ledger.problems + pages.problems
    }
}
