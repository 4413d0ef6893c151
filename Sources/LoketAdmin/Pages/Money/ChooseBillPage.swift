// The choice of the bill that a payment is for: a search, and the bills that it finds.

import HTTPTypes
import Hummingbird
import LoketJSON

struct ChooseBillPage {
    func add(to pages: PageRoutes) {
        pages.get("money/:id/bill") { visit in
            let parameters = try visit.request.parameters(["q"])
            return try await Self.response(visit, search: parameters.search)
        }
    }

    /// - Parameter refused: the form of this page that the API refused.
    static func response(
        _ visit: Visit, search text: String?, refused: RefusedForm? = nil
    ) async throws -> Response {
        let words = visit.words
        let payment = try await visit.api.get(visit.payment())
        let facts = PaymentFacts(payment, words)
        var values: [String: Any] = [
            "title": facts.title, "path": facts.path, "action": facts.path + "/bill",
            "typed_text": text ?? "",
        ]
        var status = refused?.problem.cause.status ?? .ok
        do {
            let bills = try await find(text, payment, visit)
            if !bills.isEmpty, visit.mayWrite {
                var form = NoteForm.values(
                    facts.path + "/bill", name: "bill", back: MoneyPage.path, words,
                    refused: refused)
                form["bills"] = bills.map { row($0, refused?.form["bill"], words) }
                form["bill_fault"] = refused?.fault("bill_id", words)
                values["form"] = form
            }
            values["nothing"] = bills.isEmpty && text != nil
        } catch let problem as Problem where problem.cause == .invalidParameter {
            values["search_fault"] = words["money_search_wrong"]
            status = problem.cause.status
        }
        if refused?.fault("bill_id", words) == nil { values["problem"] = refused?.text(words) }
        return await PageView.page(
            "choose", title: words["money_choose_title"], values, visit, status: status)
    }

    /// Returns the bills of the payment's account with a text; without a text, those that the
    /// payment may be for.
    private static func find(
        _ text: String?, _ payment: JSONValue, _ visit: Visit
    ) async throws -> [JSONValue] {
        guard let text else { return try await PaymentCard.suggestions(payment, visit) }
        let found = try await visit.api.get("/admin/v1/search", [("q", text)])
        let account = payment["account"]?.string
        return FindPage.bills(found).filter { $0["account"]?.string == account }
    }

    private static func row(
        _ bill: JSONValue, _ chosen: String?, _ words: Words
    ) -> [String: Any] {
        let state = bill["state"]?.string ?? ""
        let isExpired = bill["expired"]?.bool == true && state == "open"
        let id = bill["id"]?.string ?? ""
        return [
            "bill_id": id, "text": PaymentCard.text(bill), "chosen": id == chosen,
            "code": grouped(bill["payment_code"]?.string ?? ""),
            "state": words[isExpired ? "state_expired" : "state_\(state)"],
        ]
    }
}
