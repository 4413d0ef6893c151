// Cancelling a bill, and forgetting its customer: each on a page that says what will happen.

import Hummingbird
import LoketJSON

struct CloseBillPages {
    private enum Deed: String {
        case cancel, forget

        /// The states in which the API refuses it.
        var refused: (states: Set<String>, cause: Problem.Cause) {
            switch self {
            case .cancel: (["paid", "cancelled"], .billClosed)
            case .forget: (["open", "held"], .billOpen)
            }
        }
    }

    func add(to pages: PageRoutes) {
        pages.get("bills/:id/cancel") { try await page(.cancel, $0) }
        pages.post("bills/:id/cancel") { try await act(.cancel, $0, $1) }
        pages.get("bills/:id/forget") { try await page(.forget, $0) }
        pages.post("bills/:id/forget") { try await act(.forget, $0, $1) }
    }

    private func act(
        _ deed: Deed, _ visit: Visit, _ form: PageForm
    ) async throws -> Response {
        let reason = deed == .cancel ? form["reason"] : nil
        var body = JSONWriter()
        body.object { if let reason { $0.field("reason", reason) } }
        do {
            let bill = try await visit.api.send(
                .post, "/admin/v1/bills/\(visit.addressedID.escapedForQuery)/\(deed)", body.bytes
            ).json
            return visit.done(
                "billclose_\(deed)_done", at: BillLine.place(bill["id"]?.string))
        } catch let problem as Problem {
            return try await page(deed, visit, typed: form.typed["reason"] ?? "", problem)
        }
    }

    private func page(
        _ deed: Deed, _ visit: Visit, typed: String = "", _ problem: Problem? = nil
    ) async throws -> Response {
        try BillForm.requireWrite(visit)
        let words = visit.words
        let place = BillLine.place(visit.addressedID)
        var values: [String: Any] = [
            "place": place, "path": "\(place)/\(deed)", "heading": words["billclose_\(deed)_title"],
            "what": ["one", "two", "three"].map { words["billclose_\(deed)_\($0)"] },
            "button": words["billclose_\(deed)_button"], "elsewhere": deed == .cancel,
        ]
        let bill = try await read(deed, visit)
        if let bill {
            values["lead"] = [
                bill["customer"]?["name"]?.string, bill["invoice_number"]?.string,
                rupiah(bill["amount"]?.integer), bill["payment_code"]?.string.map(grouped),
            ].compactMap(\.self).joined(separator: " · ")
        }
        if deed == .cancel {
            let fault = problem?.faultsByField["reason"]
            values["fields"] = [
                BillForm.field(
                    "reason", typed, fault: fault, detail: fault,
                    hint: words["billform_hint_reason"], words)
            ]
        }
        values["refusal"] = BillForm(texts: [:], problem: problem)
            .refusal(words, beside: ["reason"])
        let title = [words["billclose_\(deed)_title"], bill?["invoice_number"]?.string]
        return await PageView.page(
            "billclose", title: title.compactMap(\.self).joined(separator: " · "), values, visit,
            status: BillForm.status(problem))
    }

    /// Returns the bill; nil if it is damaged, which does not keep it from being cancelled.
    private func read(_ deed: Deed, _ visit: Visit) async throws -> JSONValue? {
        do {
            let bill = try await BillPage.bill(visit)
            let state = bill["state"]?.string ?? ""
            guard !deed.refused.states.contains(state) else {
                throw Problem(deed.refused.cause, "the bill is \(state)")
            }
            return bill
        } catch let problem as Problem where deed == .cancel && problem.cause == .billDamaged {
            return nil
        }
    }
}
