// What an inquiry for a payment code would be answered at a given time. The bill is taken as it is
// now, and the account's settings and pauses are not considered.

import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct BillQuoteRoute {
    let store: Store
    let registry: AccountRegistry

    func add(to routes: inout ScopedRoutes) {
        routes.on(.get, "quote", .read, use: quote)
    }

    @Sendable private func quote(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        let parameters = try request.parameters(["payment_code", "at"])
        guard let code = parameters["payment_code"].flatMap({ PaymentCode(written: $0) }) else {
            throw Problem(.invalidParameter, "`payment_code` must be 1 to 25 digits")
        }
        let at = try parameters["at"].map { text in
            guard let moment = Moment(parameter: text) else {
                throw Problem(
                    .invalidParameter,
                    "`at` must be RFC 3339 with an offset, or a date, which means the beginning of "
                        + "that day in Jakarta")
            }
            return moment
        }
        let found = try await store.bills(answering: code.digits, accountID: context.accountID)
        if let damaged = found.damaged.first { throw StoreFault.damagedBill(id: damaged.id) }
        let (names, now) = (registry.clientIDs, at ?? .now)
        return .json { body in
            body.field("at", now.exactUTCText)
            body.array("items") { list in
                for record in found.records {
                    list.object {
                        $0.field("account", names[record.accountID])
                        write(record.bill, at: now, to: &$0)
                    }
                }
            }
        }
    }

    private func write(_ bill: Bill, at now: Moment, to object: inout JSONWriter) {
        let answer = bill.refusal(at: now) ?? .payable
        let isPayable = answer == .payable
        let change = isPayable ? bill.amounts.change(after: now) : nil
        object.field("bill_id", "\(bill.id)")
        object.field("invoice_number", bill.invoiceNumber.text)
        object.field("guard", answer.rawValue)
        object.field("meaning", answer.meaning)
        object.field("amount", isPayable ? bill.amounts.amount(at: now).whole : nil)
        object.field("amount_until", change?.at.exactUTCText)
        object.field("next_amount", change?.to.whole)
    }
}
