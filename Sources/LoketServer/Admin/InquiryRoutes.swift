// The journal over the admin API, newest first.

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct InquiryRoutes {
    let store: BillStore
    let directory: Directory

    func add(to group: RouterGroup<AdminContext>) {
        group.get("inquiries", use: list)
    }

    @Sendable private func list(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let page = try Page(request.parameters(Page.parameters))
        let records = try await store.inquiries(before: page.before, limit: page.limit + 1)
        let names = directory.clientIDs
        return page.response(of: records, id: \.id) { object, record in
            record.write(to: &object, account: names)
        }
    }
}

extension JournalRecord {
    func write(to object: inout JSONWriter, account: [Int64: String]) {
        let verdict = Verdict(.answered(by: entry.answeredBy))
        object.field("id", "\(id)")
        object.field("received_at", entry.receivedAt.utcText)
        object.field("request_id", entry.requestID)
        object.field("dialect", entry.dialect)
        object.field("account", account[entry.accountID])
        object.field("payment_code", entry.codeText)
        object.field("channel", entry.channel)
        object.field("acquirer", entry.acquirer)
        object.field("guard", entry.answeredBy.rawValue)
        object.field("status", verdict.status?.rawValue)
        object.field("http_status", Int64(verdict.http))
        object.field("bill_id", entry.billID.map { "\($0)" })
        object.field("amount", entry.amount)
        object.field("invoice_number", entry.invoiceNumber)
        object.field("duration_us", entry.durationMicroseconds)
        object.field("skew_ms", entry.skewMilliseconds)
    }
}
