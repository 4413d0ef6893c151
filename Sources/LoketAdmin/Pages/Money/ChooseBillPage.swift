// The choice of the bill that a payment is for: a search, and the bills that it finds, each with the
// difference of its amount. If the amount differs or the bill is not open, the page asks once more.

import HTTPTypes
import Hummingbird
import LoketCore
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
        var values = head(facts)
        values["search"] = ["typed_text": text ?? ""]
        var status = refused?.problem.cause.status ?? .ok
        do {
            let found = try await find(text, payment, visit)
            if !found.bills.isEmpty {
                values["list"] = list(found.bills, facts, text, visit, refused)
            }
            values["cut"] = found.isCut
            values["nothing"] = found.bills.isEmpty && text != nil
        } catch let problem as Problem where problem.cause == .invalidParameter {
            values["search"] = [
                "typed_text": text ?? "", "search_fault": words["money_search_wrong"],
            ]
            status = problem.cause.status
        }
        if refused?.fault("bill_id", words) == nil { values["problem"] = refused?.text(words) }
        return await PageView.page(
            "choose", title: words["money_choose_title"], values, visit, status: status)
    }

    /// Asks whether to accept the payment for a bill; nil if there is nothing to ask, or if the
    /// form has the answer.
    static func question(
        _ bill: ChosenBill, _ payment: PaymentFacts, _ visit: Visit, _ form: PageForm
    ) async -> Response? {
        guard bill.isDoubtful, form["confirmed"] != bill.mark,
            payment.payment["resolution"]?.isNull != false
        else { return nil }
        var values = head(payment)
        var question = NoteForm.values(
            payment.path + "/bill", name: "bill", back: MoneyPage.path, visit.words)
        question["back"] = form["back"] ?? MoneyPage.path
        question["typed"] = form["note"] ?? ""
        question["mark"] = bill.mark
        question["typed_text"] = form["q"] ?? ""
        question["what"] = bill.consequences
        values["question"] = question.merging(bill.values) { own, _ in own }
        return await PageView.page(
            "choose", title: visit.words["choose_ask"], values, visit)
    }

    private static func head(_ facts: PaymentFacts) -> [String: Any] {
        ["title": facts.title, "payment_path": facts.path, "action": facts.path + "/bill"]
    }

    private static func list(
        _ bills: [ChosenBill], _ facts: PaymentFacts, _ text: String?, _ visit: Visit,
        _ refused: RefusedForm?
    ) -> [String: Any] {
        let words = visit.words
        let mayChoose = visit.mayWrite && bills.contains { !$0.isTaken }
        var list: [String: Any] = [
            "bills": bills.map { bill -> [String: Any] in
                var row = bill.values
                row["chosen"] = bill.id == refused?.form["bill"]
                row["radio"] = mayChoose && !bill.isTaken
                return row
            }
        ]
        list["bill_fault"] = refused?.fault("bill_id", words)
        if mayChoose {
            var form = NoteForm.values(
                facts.path + "/bill", name: "bill", back: MoneyPage.path, words, refused: refused)
            form["typed_text"] = text ?? ""
            list["form"] = form
        }
        return list
    }

    /// Returns the bills of the payment's account with a text, and whether there are more; without
    /// a text, those that the payment may be for.
    private static func find(
        _ text: String?, _ payment: JSONValue, _ visit: Visit
    ) async throws -> (bills: [ChosenBill], isCut: Bool) {
        let facts = PaymentFacts(payment, visit.words)
        guard let text else {
            let bills = try await PaymentCard.suggestions(payment, visit)
            return (ChosenBill.sorted(bills.map { ChosenBill($0, for: facts) }), false)
        }
        let found = try await visit.api.get("/admin/v1/search", [("q", text)])
        var bills = FindPage.bills(found)
        var isCut = found["names"]?["cut"]?.bool == true
        if let code = found["payment_code"]?.string {
            // The search has the bill that answers an inquiry; earlier ones had the code too.
            let all = try await visit.api.get(
                "/admin/v1/bills",
                [("payment_code", code), ("limit", "\(Limits.pageItemsMax)")])
            let known = Set(bills.map { $0["id"]?.string })
            bills += (all["items"]?.elements ?? []).filter { !known.contains($0["id"]?.string) }
            isCut = isCut || all["next_cursor"]?.string != nil
        }
        let account = payment["account"]?.string
        let own = bills.filter { $0["account"]?.string == account }
        return (ChosenBill.sorted(own.map { ChosenBill($0, for: facts) }), isCut)
    }
}
