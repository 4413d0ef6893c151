// One search for any identifier: a code, an invoice number, a bill's id or a Request-Id, and for
// the words of a customer's name. The results are short; the routes of bills and inquiries return
// the details.

import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct SearchRoutes {
    let store: Store
    let registry: AccountRegistry

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "search", .read, use: search)
        routes.on(.post, "search/rebuild", .write, use: rebuild)
    }

    /// Begins to write the words of all names again; the search says when it is done.
    @Sendable private func rebuild(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        try await request.optionalObject().refuseUnknownFields([])
        try context.requireEveryAccount()
        try await store.rebuildWords()
        return .json(.accepted) { body in body.field("complete", false) }
    }

    @Sendable private func search(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let words = try request.parameters(["q"])["q"] ?? ""
        guard let text = try? PrintableText.line(words, max: Limits.searchTextMax) else {
            throw Problem(
                .invalidParameter,
                "`q` must be a code, an invoice number, an id, a Request-Id or words of a name, of "
                    + "1 to \(Limits.searchTextMax) characters")
        }
        let name = BillName(text)
        let found = try await store.bills(named: name, accountID: context.accountID)
        let billCodes = found.records.map(\.bill.paymentCode) + found.damaged.compactMap(\.code)
        let isCode = billCodes.contains { $0 == name.code }
        let near =
            if let code = name.code, !isCode {
                try await store.bills(near: code, accountID: context.accountID)
            } else {
                NearBills.none
            }
        let codes = [name.code].compactMap(\.self) + billCodes
        let inquiries = try await inquiries(text, codes, context)
        let notifications = try await store.notificationIDs(
            requestID: text, accountID: context.accountID)
        let byName = try await store.bills(byName: text, accountID: context.accountID)
        let (names, now) = (registry.billNames, Moment.now)
        return .json { body in
            body.field("payment_code", name.code?.digits)
            body.array("bills") { list in
                for record in found.records {
                    list.object { record.write(to: &$0, names: names, now: now) }
                }
            }
            body.array("damaged") { list in found.damaged.forEach { list.string("\($0.id)") } }
            body.object("names") { byName.write(to: &$0, names: names, now: now) }
            body.object("near") { near.write(to: &$0, now: now) }
            body.array("inquiries") { list in
                for record in inquiries {
                    list.object { record.write(to: &$0, account: names.clientIDs) }
                }
            }
            body.array("notifications") { list in notifications.forEach { list.string("\($0)") } }
        }
    }

    /// Returns the inquiries with the Request-Id or one of the codes, newest first.
    private func inquiries(
        _ requestID: String, _ codes: [PaymentCode], _ context: AdminContext
    ) async throws -> [JournalRecord] {
        var filter = JournalFilter()
        filter.accountID = context.accountID
        filter.requestID = requestID
        var filters = [filter]
        filter.requestID = nil
        for code in Set(codes) {
            filter.codeText = code.digits
            filters.append(filter)
        }
        var found: [Int64: JournalRecord] = [:]
        for filter in filters {
            let page = try await store.inquiries(
                filter, after: nil, limit: Limits.searchInquiriesMax)
            for record in page.records { found[record.id] = record }
        }
        return Array(
            found.values.sorted { $0.id > $1.id }.prefix(Limits.searchInquiriesMax))
    }
}

extension BillsByName {
    fileprivate func write(to object: inout JSONWriter, names: BillNames, now: Moment) {
        object.array("words") { list in words.forEach { list.string($0) } }
        object.array("items") { list in
            for record in records {
                list.object { record.write(to: &$0, names: names, now: now) }
            }
        }
        object.array("damaged") { list in damaged.forEach { list.string("\($0)") } }
        object.field("cut", isCut)
        object.field("complete", isComplete)
    }
}
