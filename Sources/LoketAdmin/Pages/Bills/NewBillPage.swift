// A new bill: its customer, amount, invoice number, expiry and code. Without a code, one is
// generated. Links to this page may fill in fields by their names.

import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime

struct NewBillPage {
    let registry: AccountRegistry

    private static let path = "/ui/bills/new"
    static func place(code: String) -> String { path.with([("code", code)]) }

    func add(to pages: PageRoutes) {
        pages.get("bills/new", use: show)
        pages.post("bills/new", use: create)
    }

    /// A BIN of an account that the key may use.
    private struct Choice {
        let account: String
        let bin: String
        /// The value in the form.
        var text: String { "\(bin) \(account)" }
    }

    private func choices(_ visit: Visit) -> [Choice] {
        let (ids, only) = (registry.ids, visit.key.accountID)
        return registry.accounts
            .filter { only == nil || ids[$0.clientID] == only }
            .flatMap { account in
                account.bins.bins.map { Choice(account: account.clientID, bin: $0.digits) }
            }
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let given = try visit.request.parameters(Set(BillField.allCases.map(\.rawValue)))
        return try await page(visit, typed: given)
    }

    @Sendable private func create(_ visit: Visit, form: PageForm) async throws -> Response {
        let choices = choices(visit)
        let chosen = choices.first { $0.text == form["bin"] } ?? choices.first
        var texts: [BillField: String] = [:]
        for field in BillField.allCases { texts[field] = form[field.rawValue] }
        for field in [BillField.name, .amount, .invoice] { texts[field] = texts[field] ?? "" }
        let code = texts[.code].map { PaymentCode(written: $0)?.digits ?? $0 }
        var body = JSONWriter()
        body.object { body in
            BillField.write(texts, to: &body)
            if code == nil { body.field("bin", chosen?.bin ?? "") }
            // The choice concerns a whole code only if the code begins with its BIN.
            if choices.count > 1, let chosen, code?.hasPrefix(chosen.bin) ?? true {
                body.field("account", chosen.account)
            }
            body.field("reusable", form["reusable"] != nil)
        }
        do {
            let bill = try await visit.api.send(.post, "/admin/v1/bills", body.bytes).json
            let values = ["code": grouped(bill["payment_code"]?.string ?? "")]
            return visit.done(
                "billform_created", values, at: BillLine.place(bill["id"]?.string))
        } catch let problem as Problem {
            return try await page(visit, typed: form.typed, problem: problem)
        }
    }

    /// - Parameter typed: the texts by the names of their fields.
    private func page(
        _ visit: Visit, typed: [String: String], problem: Problem? = nil
    ) async throws -> Response {
        try BillForm.requireWrite(visit)
        let words = visit.words
        var form = BillForm(texts: [:], problem: problem)
        for field in BillField.allCases { form.texts[field] = typed[field.rawValue] }
        form.hints = [
            .expires: words["billform_hint_expires"], .code: words["billform_hint_code"],
            .info: words["billform_hint_info"], .due: words["billform_hint_due"],
        ]
        let faults = problem?.faultsByField ?? [:]
        let choices = choices(visit)
        var others: Set<String> = ["reusable"]
        var values: [String: Any] = [
            "heading": words["bills_new"], "path": Self.path,
            "place": BillsPage.path, "place_name": words["bills_back"],
            "hidden": [[String: String]](), "fields": form.fields(BillField.main, words),
            "button": words["billform_create"],
        ]
        if choices.count > 1 {
            others.formUnion(["bin", "account"])
            let fault = faults["account"] ?? faults["bin"]
            values["bins"] = bins(choices, chosen: typed["bin"], fault: fault, visit)
        }
        let isOpen = BillField.more.contains {
            form.texts[$0]?.isEmpty == false || faults[$0.fault] != nil
        }
        values["more"] = [
            "open": isOpen || typed["reusable"] != nil,
            "fields": form.fields(BillField.more, words), "checked": typed["reusable"] != nil,
        ]
        values["refusal"] = form.refusal(words, beside: others)
        return await PageView.page(
            "billform", title: words["bills_new"], values, visit,
            status: BillForm.status(problem))
    }

    private func bins(
        _ choices: [Choice], chosen: String?, fault: String?, _ visit: Visit
    ) -> [String: Any] {
        let words = visit.words
        let accounts = Set(choices.map(\.account))
        var values = BillForm.field(
            "bin", "", fault: fault, detail: fault, hint: words["billform_hint_bin"], words)
        values["choices"] = choices.map { choice -> [String: Any] in
            [
                "choice": choice.text, "chosen": choice.text == chosen,
                "text": accounts.count > 1
                    ? "\(choice.bin) · \(visit.account(choice.account) ?? "")" : choice.bin,
            ]
        }
        return values
    }
}
