// The decisions of the last day, newest first, each with the form to take it back.

import LoketCore
import LoketJSON

enum DecidedList {
    private static let limit = 100

    /// For the template; nil if nothing was decided.
    static func values(_ visit: Visit) async throws -> [String: Any]? {
        let since = visit.now.adding(milliseconds: -Moment.dayMilliseconds)
        let page = try await visit.api.get(
            "/admin/v1/payments", [("decided_from", since.utcText), ("limit", "\(limit)")])
        let payments = (page["items"]?.elements ?? []).sorted { time($0) > time($1) }
        guard !payments.isEmpty else { return nil }
        return ["items": payments.map { row($0, visit) }]
    }

    private static func time(_ payment: JSONValue) -> String {
        payment["resolution"]?["at"]?.string ?? ""
    }

    private static func row(_ payment: JSONValue, _ visit: Visit) -> [String: Any] {
        let facts = PaymentFacts(payment, visit.words)
        var row: [String: Any] = ["title": facts.title, "path": facts.path]
        if let decision = payment["resolution"] {
            row["text"] = PaymentFacts.sentence(decision, visit.words)
            row["remark"] = decision["note"]?.string
        }
        row["form"] = form(facts, visit)
        return row
    }

    /// The form to take a decision back; nil if the key may not.
    static func form(
        _ facts: PaymentFacts, _ visit: Visit, refused: RefusedForm? = nil
    ) -> [String: Any]? {
        guard visit.mayWrite else { return nil }
        return NoteForm.values(
            facts.path + "/reopen", name: "reopen-\(facts.id)", back: visit.place, visit.words,
            refused: refused)
    }
}
