// What was received in a range of days: the sums by counter and by day, settled and undecided
// apart, and the payments.

import LoketJSON

enum Received {
    private static let limit = 50

    /// For the template.
    static func values(
        _ visit: Visit, _ range: MoneyRange, _ totals: JSONValue, cursor: String?
    ) async throws -> [String: Any] {
        let words = visit.words
        let page = try await visit.api.get(
            "/admin/v1/payments", range.query + [("limit", "\(limit)"), ("cursor", cursor)])
        let days = totals["days"]?.elements ?? []
        let all = Sums(days)
        var values: [String: Any] = [
            "payments": (page["items"]?.elements ?? []).map { row($0, range, words) },
            "file": range.file(), "file_semicolon": range.file(delimiter: "semicolon"),
            "lead": words(
                "money_sums",
                [
                    "settled": words.count(all.settled.count),
                    "undecided": words.count(all.undecided.count),
                ]),
        ]
        if !days.isEmpty {
            var channels: [(name: String, days: [JSONValue])] = []
            for day in days {
                let name = words.channel(day["channel"]?.string)
                if let place = channels.firstIndex(where: { $0.name == name }) {
                    channels[place].days.append(day)
                } else {
                    channels.append((name, [day]))
                }
            }
            channels.sort { $0.name < $1.name }
            values["totals"] = [
                "rows": channels.map { Sums($0.days).row(["name": $0.name], words) },
                "all": all.row([:], words),
            ]
            if range.from != range.to {
                values["by_day"] = [
                    "rows": days.map {
                        Sums([$0]).row(
                            [
                                "name": words.wholeDay($0["date"]?.string ?? "") + " · "
                                    + words.channel($0["channel"]?.string)
                            ], words)
                    }
                ]
            }
        }
        if page["items"]?.elements.isEmpty != false { values["empty"] = words["money_empty"] }
        values["older"] = page["next_cursor"]?.string.map { range.place(cursor: $0) }
        return values
    }

    private static func row(
        _ payment: JSONValue, _ range: MoneyRange, _ words: Words
    ) -> [String: Any] {
        let facts = PaymentFacts(payment, words)
        let isOneDay = range.from == range.to
        var row: [String: Any] = [
            "time": isOneDay ? words.time(facts.at) ?? "" : facts.moment, "where": facts.counter,
            "amount": facts.amount,
            "status": facts.standing, "tone": facts.tone, "path": facts.path,
            "invoice": facts.invoice,
        ]
        row["payer"] = payment["customer"]?.string
        row["bill_path"] = facts.billPath
        return row
    }
}

/// Sums of days at counters.
private struct Sums {
    typealias Sum = (count: Int64, amount: Int64)

    private(set) var settled: Sum = (0, 0)
    private(set) var undecided: Sum = (0, 0)

    init(_ days: [JSONValue]) {
        for day in days {
            Self.add(day, to: &settled)
            Self.add(day["undecided"], to: &undecided)
        }
    }

    private static func add(_ sum: JSONValue?, to all: inout Sum) {
        all.count += sum?["count"]?.integer ?? 0
        all.amount += sum?["amount"]?.integer ?? 0
    }

    /// A row of a table with these further values.
    func row(_ more: [String: Any], _ words: Words) -> [String: Any] {
        func text(_ sum: Sum) -> String {
            sum.count == 0 ? "–" : "\(rupiah(sum.amount) ?? "") (\(words.count(sum.count)))"
        }
        return more.merging(["settled": text(settled), "undecided": text(undecided)]) { $1 }
    }
}
