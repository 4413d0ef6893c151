// The filters of the journal, and the cursors of its list, which belong to their filters.

import DokuWire
import LoketCore
import LoketRuntime
import LoketStore

struct InquiryQuery {
    let filter: JournalFilter

    static let filters = TimeRange.parameters.union([
        "account", "code", "guard", "status", "request_id", "bill_id", "refused", "channel",
        "unpaid",
    ])

    /// - Parameter accountID: the only account whose inquiries are listed; nil for every account.
    /// - Throws: `invalid_parameter`.
    init(_ parameters: [String: String], accountID: Int64?) throws {
        var filter = JournalFilter()
        filter.accountID = accountID
        filter.codeText = parameters["code"]
        filter.requestID = parameters["request_id"]
        filter.billID = try parameters.billID()
        filter.guards = try Self.guards(parameters)
        filter.channel = try ChannelNames.parameter(parameters)
        filter.isUnpaid = try parameters.flag("unpaid") ?? false
        let range = try TimeRange(parameters)
        (filter.from, filter.to) = (range.from, range.to)
        self.filter = filter
    }

    /// Returns the guards that `guard`, `status` and `refused` have in common; nil for any.
    private static func guards(_ parameters: [String: String]) throws -> Set<Guard>? {
        var guards = try parameters.word("guard").map { (reason: Guard) in Set([reason]) }
        func narrow(to matching: [Guard]) {
            guards = guards?.intersection(matching) ?? Set(matching)
        }
        if let word = parameters["status"] {
            let matching = Guard.allCases.filter { O2OVerdict($0).status?.rawValue == word }
            guard !matching.isEmpty else {
                throw Problem.noneOf("status", O2OAnswer.Status.allCases.map(\.rawValue))
            }
            narrow(to: matching)
        }
        if let isRefused = try parameters.flag("refused") {
            narrow(to: Guard.allCases.filter { ($0 != .payable) == isRefused })
        }
        return guards
    }

    // MARK: Cursors

    /// Returns the position in a cursor.
    ///
    /// - Throws: `invalid_parameter` unless a list with these filters has returned it.
    func position(_ cursor: String) throws -> JournalPosition {
        let place = try self.cursor.place(cursor, isByTime: filter.isOrderedByTime)
        return JournalPosition(id: place.id, receivedAt: place.time)
    }

    func cursor(at position: JournalPosition) -> String {
        cursor.text(IDPlace(id: position.id, time: position.receivedAt))
    }

    private var cursor: ListCursor {
        ListCursor(list: [
            "inquiries", filter.accountID?.description, filter.codeText, filter.requestID,
            filter.billID?.description, filter.channel, filter.isUnpaid.description,
            filter.guards.map { $0.map(\.rawValue).sorted().joined(separator: " ") },
            filter.from?.milliseconds.description, filter.to?.milliseconds.description,
        ])
    }
}
