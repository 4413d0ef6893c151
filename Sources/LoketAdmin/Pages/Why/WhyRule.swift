// The rule that determined an answer, as the name of its sentences in the table of strings: the
// guard, or one of two names for a request that did not verify.

import LoketJSON

struct WhyRule {
    static let signature = "signature"
    static let path = "path"

    let name: String

    init(name: String) { self.name = name }

    init(explanation: JSONValue) {
        if let answeredBy = explanation["answer"]?["guard"]?.string {
            name = answeredBy
        } else {
            // A request to an unknown path was never read, so it has no signature to explain.
            name = explanation["signature"]?.isNull == false ? Self.signature : Self.path
        }
    }

    /// The rule that an inquiry for a bill would meet now. A quote does not consider the pauses,
    /// which decline an open bill before its own rules do.
    ///
    /// - Parameter item: the bill in a quote.
    static func now(_ item: JSONValue, _ visit: Visit) async throws -> WhyRule {
        let rule = WhyRule(name: item["guard"]?.string ?? "bill_unknown")
        guard !["bill_paid", "bill_cancelled", "bill_held"].contains(rule.name) else { return rule }
        let pauses = try await visit.api.get("/admin/v1/pauses")["pauses"]?.elements ?? []
        let isPaused = pauses.contains { pause in
            pause["account"]?.string.map { $0 == item["account"]?.string } ?? true
        }
        return isPaused ? WhyRule(name: "paused") : rule
    }

    var isRefusal: Bool { name != "payable" }

    /// Nothing is wrong with a bill that is paid or can be paid.
    var tone: String { ["payable", "bill_paid"].contains(name) ? "good" : "bad" }

    /// Whether the rule is about one bill, so that a later inquiry may meet another one.
    var isOfBill: Bool { name.hasPrefix("bill_") || ["paused", "payable"].contains(name) }
}
