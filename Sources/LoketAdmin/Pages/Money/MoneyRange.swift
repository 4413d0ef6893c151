// The days that a list of money is about, as the fields of its form have them.

import LoketCore

/// Days in Jakarta. Unlike in the API, the last one is part of the range.
struct MoneyRange {
    let from: String
    let to: String
    private let now: Moment

    /// Today, unless the parameters say otherwise.
    init(_ parameters: [String: String], now: Moment) {
        let given = parameters.filter { !$0.value.allSatisfy(\.isWhitespace) }
        from = given["from"] ?? given["to"] ?? now.wibDate
        to = given["to"] ?? max(from, now.wibDate)
        self.now = now
    }

    private init(from: String, to: String, now: Moment) {
        (self.from, self.to, self.now) = (from, to, now)
    }

    /// The range in the API. It refuses what is no date.
    var query: [(name: String, value: String?)] {
        let end = Moment(parameter: to)?.adding(milliseconds: Moment.dayMilliseconds).wibDate
        return [("from", from), ("to", end ?? to)]
    }

    func place(isUnpaid: Bool = false, cursor: String? = nil) -> String {
        MoneyPage.path.with(
            days(isPage: cursor != nil) + [("show", isUnpaid ? "unpaid" : nil), ("cursor", cursor)])
    }

    func file(delimiter: String? = nil) -> String {
        (MoneyPage.path + ".csv").with(
            [("from", from), ("to", to), ("delimiter", delimiter)])
    }

    /// The days for an address; none for today, so that the address remains right tomorrow. A
    /// further page has a cursor, which belongs to its days.
    private func days(isPage: Bool) -> [(name: String, value: String?)] {
        !isPage && from == now.wibDate && to == from ? [] : [("from", from), ("to", to)]
    }

    /// For the template: the form, the usual ranges and the lists.
    func values(_ visit: Visit, isUnpaid: Bool) -> [String: Any] {
        let today = now.wibDate
        let yesterday = now.adding(milliseconds: -Moment.dayMilliseconds).wibDate
        let usual = [
            ("today", today, today), ("yesterday", yesterday, yesterday),
            ("month", today.prefix(8) + "01", today),
        ]
        var values: [String: Any] = [
            "from": from, "to": to,
            "name": from == to
                ? visit.words.wholeDay(from)
                : "\(visit.words.wholeDay(from)) – \(visit.words.wholeDay(to))",
            "usual": usual.map { name, first, last -> [String: Any] in
                let other = MoneyRange(from: first, to: last, now: now)
                return [
                    "name": visit.words["money_\(name)"],
                    "path": other.place(isUnpaid: isUnpaid),
                    "here": first == from && last == to,
                ]
            },
            "lists": [
                [
                    "name": visit.words["money_received"], "path": place(),
                    "here": !isUnpaid,
                ],
                [
                    "name": visit.words["tag_asked"], "path": place(isUnpaid: true),
                    "here": isUnpaid,
                ],
            ],
        ]
        if isUnpaid { values["show"] = "unpaid" }
        return values
    }
}

extension Words {
    /// A date as `3 November 2026`.
    func wholeDay(_ date: String) -> String {
        moment(date + "T00:00:00+07:00").map { String($0.prefix { $0 != "," }) } ?? date
    }
}
