// What the search field finds. One hit is opened at once; several are listed.

import Hummingbird
import LoketJSON

struct FindPage {
    private let text: String

    init(_ text: String) { self.text = text }

    func answer(_ visit: Visit) async throws -> Response {
        let found = try await visit.api.get("/admin/v1/search", [("q", text)])
        let inquiries = found["inquiries"]?.elements ?? []
        if inquiries.contains(where: { $0["request_id"]?.string == text }) {
            return .seeOther(WhyPage.place(request: text))
        }
        let bills = Self.bills(found)
        let codes = Set(bills.compactMap { $0["payment_code"]?.string })
        if codes.count == 1, let code = codes.first {
            return .seeOther(WhyPage.place(code: code))
        }
        if bills.isEmpty, let code = found["payment_code"]?.string {
            return .seeOther(WhyPage.place(code: code))
        }
        if bills.isEmpty, let sent = found["notifications"]?.elements.first?.string {
            return .seeOther(NotificationPage.place(sent))
        }
        // A request that did not verify is known by its Request-Id only.
        let path = "/admin/v1/inquiries/" + text.escapedForQuery
        if bills.isEmpty, try await visit.api.getIfAny(path) != nil {
            return .seeOther(WhyPage.place(request: text))
        }
        return await page(found, bills, visit)
    }

    /// The damaged bills that a search found, by their ids.
    static func damaged(_ found: JSONValue) -> [JSONValue] {
        (found["damaged"]?.elements ?? []) + (found["names"]?["damaged"]?.elements ?? [])
    }

    /// The bills that a search found by number and by name, each once.
    static func bills(_ found: JSONValue) -> [JSONValue] {
        var seen: Set<String> = []
        let all = (found["bills"]?.elements ?? []) + (found["names"]?["items"]?.elements ?? [])
        return all.filter { seen.insert($0["id"]?.string ?? "").inserted }
    }

    private func page(
        _ found: JSONValue, _ bills: [JSONValue], _ visit: Visit
    ) async -> Response {
        let words = visit.words
        var values: [String: Any] = ["text": text]
        if !bills.isEmpty {
            values["found"] = [
                "bills": bills.map { bill -> [String: Any] in
                    let code = bill["payment_code"]?.string ?? ""
                    let isExpired = bill["expired"]?.bool == true
                    let state = bill["state"]?.string ?? ""
                    return [
                        "path": WhyPage.place(code: code), "code": grouped(code),
                        "customer": bill["customer"]?["name"]?.string ?? "",
                        "invoice": bill["invoice_number"]?.string ?? "",
                        "amount": rupiah(bill["amount"]?.integer) ?? "",
                        "state": words[
                            isExpired && state == "open" ? "state_expired" : "state_\(state)"],
                    ]
                }
            ]
        }
        values["cut"] = found["names"]?["cut"]?.bool == true
        values["damaged"] = BillsPage.sentence(damaged: Self.damaged(found), words)
        return await PageView.page(
            "find", title: words("find_title", ["text": text]), values, visit)
    }
}
