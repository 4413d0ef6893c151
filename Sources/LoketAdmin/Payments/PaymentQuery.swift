// The query parameters of the list of payments: filters, order and cursor.

import LoketCore
import LoketRuntime
import LoketStore

struct PaymentQuery {
    let filter: PaymentFilter
    let order: PaymentOrder
    let position: PaymentPosition?
    let limit: Int

    static let parameters = Page.parameters.union(TimeRange.parameters).union([
        "standing", "flag", "bill_id", "invoice_number", "payment_code", "customer", "channel",
        "needs_attention", "decided_from", "account", "sort",
    ])

    /// - Parameters:
    ///   - accountID: the only account whose payments are listed; nil for every account.
    /// - Throws: `invalid_parameter`.
    init(
        _ parameters: [String: String], accountID: Int64?, channels: ChannelNames
    ) throws {
        limit = try Page.limit(parameters)
        filter = try Self.filter(parameters, accountID, channels)
        order = try parameters.word("sort") ?? .newest
        let isByTime = filter.isOrderedByTime
        let cursor = Self.cursor(filter, order)
        position = try parameters["cursor"].map { text in
            let place = try cursor.place(text, isByTime: isByTime)
            return PaymentPosition(id: place.id, accountedAt: place.time)
        }
    }

    func cursor(at position: PaymentPosition) -> String {
        Self.cursor(filter, order)
            .text(IDPlace(id: position.id, time: position.accountedAt))
    }

    private static func filter(
        _ parameters: [String: String], _ accountID: Int64?, _ channels: ChannelNames
    ) throws -> PaymentFilter {
        var filter = PaymentFilter()
        filter.accountID = accountID
        filter.standing = try standing(parameters["standing"])
        filter.flag = try parameters.word("flag")
        filter.billID = try parameters.billID()
        filter.invoiceNumber = parameters["invoice_number"]
        filter.paymentCode = try parameters["payment_code"].map { text in
            guard let code = PaymentCode(written: text) else {
                throw Problem(.invalidParameter, "`payment_code` must be 1 to 25 digits")
            }
            return code.digits
        }
        filter.customer = try parameters["customer"].map { text in
            guard let line = try? PrintableText.line(text, max: Limits.customerEmailMax) else {
                throw Problem(
                    .invalidParameter,
                    "`customer` must be 1 to \(Limits.customerEmailMax) characters of a name or "
                        + "an e-mail address")
            }
            return line
        }
        filter.channelID = try ChannelNames.parameter(parameters).map(channels.id)
        filter.needsAttention = try parameters.flag("needs_attention") ?? false
        filter.decidedFrom = try TimeRange.moment("decided_from", parameters)
        let range = try TimeRange(parameters)
        (filter.from, filter.to) = (range.from, range.to)
        return filter
    }

    private static func standing(_ text: String?) throws -> Standing? {
        guard let text else { return nil }
        let known = Standing.allCases.filter { $0 != .notSuccess }
        guard let standing = Standing(rawValue: text) else {
            throw Problem.noneOf("standing", known.map(\.rawValue))
        }
        guard standing != .notSuccess else {
            throw Problem(
                .invalidParameter,
                "no payment is not_success; use /admin/v1/notifications?standing=not_success")
        }
        return standing
    }

    private static func cursor(_ filter: PaymentFilter, _ order: PaymentOrder) -> ListCursor {
        ListCursor(list: [
            "payments", order.rawValue, filter.accountID?.description, filter.standing?.rawValue,
            filter.flag?.rawValue, filter.billID?.description, filter.invoiceNumber,
            filter.paymentCode, filter.customer, filter.channelID,
            filter.needsAttention.description, filter.decidedFrom?.milliseconds.description,
            filter.from?.milliseconds.description,
            filter.to?.milliseconds.description,
        ])
    }
}

extension [String: String] {
    /// Returns a parameter that is one of the words of a type.
    ///
    /// - Throws: `invalid_parameter` that lists the words.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Word? {
        try self[name].map { text in
            guard let word = Word(rawValue: text) else {
                throw Problem.noneOf(name, Word.allCases.map(\.rawValue))
            }
            return word
        }
    }

    /// Returns a parameter that is `true` or `false`.
    func flag(_ name: String) throws -> Bool? {
        try self[name].map { text in
            guard let flag = Bool(text) else { throw Problem.noneOf(name, ["true", "false"]) }
            return flag
        }
    }

    func billID() throws -> Int64? {
        try self["bill_id"].map { text in
            guard let id = Int64(id: text) else {
                throw Problem(.invalidParameter, "`bill_id` must be the id of a bill")
            }
            return id
        }
    }
}
