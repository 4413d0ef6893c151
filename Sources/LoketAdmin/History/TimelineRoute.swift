// The timeline of a bill over the admin API: its history, its inquiries and its payments, newest
// first.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct TimelineRoute {
    let store: Store
    let registry: AccountRegistry
    let channels: ChannelNames

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "bills/:id/timeline", .read, use: show)
    }

    @Sendable private func show(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(Page.parameters)
        let id = try context.id("bill")
        let limit = try Page.limit(parameters)
        let cursor = ListCursor(list: ["timeline", "\(id)"])
        let position = try parameters["cursor"].map { text in
            try cursor.position(text) { TimelinePosition(place: $0).map { ($0, $0.place) } }
        }
        let unknown = Problem(.notFound, "there is no bill \(id)")
        guard let bill = try await store.bill(id: id), context.maySee(bill.accountID) else {
            throw unknown
        }
        let page = try await store.timeline(
            ofBill: id, after: position ?? .newest, limit: limit,
            damaged: { [log = context.logger] in log.error("\($0)") })
        guard let page else { throw unknown }
        let names = registry.clientIDs
        return .json { body in
            body.array("items") { list in
                for entry in page.entries {
                    list.object { write(entry, page.details, to: &$0, names) }
                }
            }
            body.field("next_cursor", page.next.map { cursor.text($0.place) })
        }
    }

    private func write(
        _ entry: TimelineEntry, _ details: [Int64: PaymentDetails],
        to object: inout JSONWriter, _ names: [Int64: String]
    ) {
        let parts = Parts(entry.content)
        object.field("at", entry.at.utcText)
        object.field("kind", parts.kind)
        object.object("change", of: parts.change) { $1.write(to: &$0) }
        object.object("inquiry", of: parts.inquiry) { $1.write(to: &$0, account: names) }
        object.object("payment", of: parts.payment) {
            $1.write(
                to: &$0, accounts: names, channels: channels, details[$1.id] ?? .none)
        }
    }

    /// The one part that an entry has.
    private struct Parts {
        var kind: String
        var change: BillChange?
        var inquiry: JournalRecord?
        var payment: PaymentRecord?

        init(_ content: TimelineEntry.Content) {
            switch content {
            case .change(let change): (kind, self.change) = ("change", change)
            case .inquiry(let inquiry): (kind, self.inquiry) = ("inquiry", inquiry)
            case .payment(let payment): (kind, self.payment) = ("payment", payment)
            }
        }
    }
}

extension BillChange {
    fileprivate func write(to object: inout JSONWriter) {
        object.field("at", at.utcText)
        object.field("change", change)
        object.field("actor", actor)
        object.field("detail", detail)
        object.field("payment_id", paymentID.map { "\($0)" })
    }
}

extension TimelinePosition {
    /// Reads `<change>.<inquiry>.<payment>`.
    fileprivate init?(place: String) {
        let ids = place.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        guard ids.count == 3, let change = ids[0], let inquiry = ids[1], let payment = ids[2]
        else { return nil }
        self.init(change: change, inquiry: inquiry, payment: payment)
    }

    fileprivate var place: String { "\(change).\(inquiry).\(payment)" }
}
