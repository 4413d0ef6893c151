// One payment: the question if it waits for a decision, everything that is known of it, what DOKU
// sent, and the decisions on it.

import HTTPTypes
import Hummingbird
import LoketJSON

struct MoneyPaymentPage {
    func add(to pages: PageRoutes) {
        pages.get("money/:id") { visit in try await Self.response(visit) }
    }

    /// - Parameter refused: the form of this page that the API refused.
    static func response(_ visit: Visit, refused: RefusedForm? = nil) async throws -> Response {
        if refused == nil { _ = try visit.request.parameters([]) }
        let payment = try await visit.api.get(visit.payment())
        let facts = PaymentFacts(payment, visit.words)
        let isOpen = facts.needsDecision || facts.payment["standing"]?.string == "foreign"
        let isDecided = payment["resolution"]?.isNull == false
        var values: [String: Any] = [
            "title": facts.heading, "status": facts.standing, "tone": facts.tone,
            "facts": rows(facts, visit),
            "cards": isOpen && !isDecided
                ? [try await PaymentCard(payment, visit).values(refused: refused, isAlone: true)]
                : [],
            "sent": (payment["notifications"]?.elements ?? []).compactMap(\.string).map {
                ["path": NotificationPage.place($0), "number": $0]
            },
            "decisions": facts.decisions.map { decision -> [String: Any] in
                var row: [String: Any] = ["text": decision.text]
                row["remark"] = decision.note
                return row
            },
        ]
        if isDecided { values["reopen"] = DecidedList.form(facts, visit, refused: refused) }
        values["problem"] = refused?.text(visit.words)
        return await PageView.page(
            "payment", title: facts.heading, values, visit,
            status: refused?.problem.cause.status ?? .ok)
    }

    private static func rows(_ facts: PaymentFacts, _ visit: Visit) -> [[String: Any]] {
        let (payment, words) = (facts.payment, facts.words)
        var rows = FactRows(words)
        rows.add("col_amount", facts.amount)
        rows.add("col_customer", payment["customer"]?.string)
        rows.add("fact_bill", payment["bill_invoice_number"]?.string, path: facts.billPath)
        rows.add("fact_invoice", payment["invoice_number"]?.string)
        rows.add("fact_code", payment["payment_code"]?.string.map(grouped))
        rows.add("fact_counter", facts.counter)
        rows.add("fact_transaction", payment["transaction_id"]?.string)
        rows.add("fact_dated", words.moment(payment["dated_at"]?.string))
        rows.add("fact_received", words.moment(payment["received_at"]?.string))
        if payment["classified_as"]?.string != payment["standing"]?.string {
            rows.add("fact_first", facts.firstStanding)
        }
        rows.add("fact_source", words["source_\(payment["source"]?.string ?? "")"])
        rows.add("fact_account", visit.account(payment["account"]?.string))
        for identifier in payment["identifiers"]?.elements ?? [] {
            rows.add(name: identifier["name"]?.string ?? "", identifier["value"]?.string)
        }
        return rows.list
    }
}

/// Names and values for the template `facts`; a value that is missing has no row.
struct FactRows {
    private let words: Words
    private(set) var list: [[String: Any]] = []

    init(_ words: Words) { self.words = words }

    mutating func add(_ key: String, _ value: String?, path: String? = nil) {
        add(name: words[key], value, path: path)
    }

    mutating func add(name: String, _ value: String?, path: String? = nil) {
        guard let value else { return }
        var row: [String: Any] = ["name": name, "value": value]
        row["path"] = path
        list.append(row)
    }
}
