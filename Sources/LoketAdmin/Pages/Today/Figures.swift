// The four figures of the day.

import LoketJSON

struct Figures {
    let values: [[String: Any]]

    init(_ status: JSONValue, _ words: Words) {
        let today = status["today"]
        let paid = today?["paid"]
        let asked = today?["asked"]?.integer ?? 0
        let declined = Self.sum(today?["declined"])
        let refused = declined + Self.sum(today?["refused"])
        let waiting = (status["waiting"]?.members ?? []).reduce(0) {
            $0 + ($1.value.integer ?? 0)
        }
        func figure(_ key: String, _ big: String, _ values: [String: String] = [:])
            -> [String: Any]
        {
            ["big": big, "text": words(key, values)]
        }
        values = [
            figure(
                "figure_paid", rupiah(paid?["amount"]?.integer) ?? "",
                ["count": words.count(paid?["count"]?.integer ?? 0)]),
            figure("figure_answered", words.count(asked - declined)),
            figure(
                "figure_refused", words.count(refused),
                ["percent": words.percent(refused, of: asked + refused - declined)]),
            figure("figure_waiting", words.count(waiting)),
        ]
    }

    private static func sum(_ causes: JSONValue?) -> Int64 {
        (causes?.elements ?? []).reduce(0) { $0 + ($1["count"]?.integer ?? 0) }
    }
}
