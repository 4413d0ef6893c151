// The four figures of the day.

import LoketJSON

struct Figures {
    let values: [[String: Any]]

    /// - Parameter received: the sum of the payments that are dated today, as Money shows it. The
    ///   status counts them by their receipt, which for some is a day later.
    init(_ status: JSONValue, received: JSONValue?, _ words: Words) {
        let today = status["today"]
        let asked = today?["asked"]?.integer ?? 0
        let declined = Self.sum(today?["declined"])
        let refused = declined + Self.sum(today?["refused"])
        let waiting = (status["waiting"]?.members ?? []).reduce(0) {
            $0 + ($1.value.integer ?? 0)
        }
        func figure(
            _ key: String, _ big: String, _ values: [String: String] = [:], path: String? = nil
        ) -> [String: Any] {
            var figure: [String: Any] = ["big": big, "text": words(key, values)]
            figure["path"] = path
            return figure
        }
        values = [
            figure(
                "figure_paid", rupiah(received?["amount"]?.integer) ?? "",
                ["count": words.count(received?["count"]?.integer ?? 0)], path: MoneyPage.path),
            figure("figure_answered", words.count(asked - declined)),
            figure(
                "figure_refused", words.count(refused),
                ["percent": words.percent(refused, of: asked + refused - declined)],
                path: CounterList.refused.place),
            figure("figure_waiting", words.count(waiting), path: MoneyPage.path),
        ]
    }

    private static func sum(_ causes: JSONValue?) -> Int64 {
        (causes?.elements ?? []).reduce(0) { $0 + ($1["count"]?.integer ?? 0) }
    }
}
