// The payment slip: one page of A6 with what a customer needs at the counter. The style sheet has
// the rules for print.

import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime

struct SlipPage {
    let registry: AccountRegistry

    func add(to pages: PageRoutes) {
        pages.get("bills/:id/slip", use: show)
    }

    /// Whether a counter would take the money: nobody gets a slip for a bill that is closed.
    static func isFor(_ bill: JSONValue) -> Bool { bill.billState == "open" }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        _ = try visit.request.parameters([])
        let bill = try await BillPage.bill(visit)
        let words = visit.words
        var values = BillLine.values(bill, words)
        if Self.isFor(bill), let code = bill["payment_code"]?.string,
            let barcode = Code128(code)
        {
            var slip: [String: Any] = [
                "width": barcode.width, "bars": barcode.path,
                "amounts": BillFacts.amounts(bill, after: visit.now, words),
            ]
            slip["merchant"] = account(of: bill)?.name
            slip["until"] = words.moment(bill["expires_at"]?.string)
            slip["due"] = words.moment(bill["due_at"]?.string)
            slip["from"] = words.moment(bill["valid_from"]?.string)
            slip["info"] = bill["info"]?.string
            if let shops = shops(bill, code, words) {
                slip["go"] = words("slip_go", ["shops": shops])
            }
            values["slip"] = slip
        } else {
            values["closed"] = words("slip_closed", ["state": words["state_\(bill.billState)"]])
        }
        let title = [words["slip_title"], bill["invoice_number"]?.string]
            .compactMap(\.self).joined(separator: " · ")
        return await PageView.page("slip", title: title, values, visit)
    }

    /// The account in the settings; nil if it is no longer there.
    private func account(of bill: JSONValue) -> Settings.Account? {
        registry.accounts.first { $0.clientID == bill["account"]?.string }
    }

    /// The shops that take the code; nil if its BIN is no longer in the settings.
    private func shops(_ bill: JSONValue, _ code: String, _ words: Words) -> String? {
        guard let code = PaymentCode(code), let bin = account(of: bill)?.bins.bin(of: code) else {
            return nil
        }
        let names = Channel.allCases.filter(bin.channels.contains).map(\.rawValue)
        return words.ifAny("shops_" + names.joined(separator: "_"))
    }
}
