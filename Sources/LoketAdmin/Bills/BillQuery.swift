// The query parameters of the list of bills: filters, order and cursor. A cursor contains a
// position and a mark that identifies its list. The cursor is not secret; the mark prevents its use
// in another list.

import LoketCore
import LoketStore
import LoketSystem

struct BillQuery {
    let filter: BillFilter
    let order: BillOrder
    let position: BillPosition?
    let limit: Int

    static let parameters = Page.parameters.union([
        "payment_code", "invoice_number", "invoice_prefix", "customer", "state", "account",
        "expires_from", "expires_to", "sort",
    ])
    private static let expired = "expired"

    /// - Parameters:
    ///   - ids: the row id of each Client-Id.
    ///   - accountID: the only account whose bills may be shown; nil for every account.
    /// - Throws: `invalid_parameter`; `account_forbidden` if the query names another account.
    init(
        _ parameters: [String: String], ids: [String: Int64], only accountID: Int64?, now: Moment
    ) throws {
        limit = try Page.limit(parameters)
        var filter = BillFilter()
        filter.accountID = accountID
        if let text = parameters["account"] {
            guard accountID == nil || ids[text] == accountID else {
                throw Problem(.accountForbidden, "`account` is not the account of your key")
            }
            guard let id = ids[text] else {
                throw Problem(.invalidParameter, "`account` is not a configured Client-Id")
            }
            filter.accountID = id
        }
        filter.paymentCode = try parameters.value("payment_code", "1 to 25 digits") {
            PaymentCode(written: $0)
        }
        let numbers = "1 to \(Limits.invoiceNumberMax) visible ASCII characters"
        filter.invoiceNumber = try parameters.value("invoice_number", numbers) {
            InvoiceNumber($0)
        }
        filter.invoicePrefix = try parameters.value("invoice_prefix", numbers) {
            InvoiceNumber($0)
        }
        filter.customer = try parameters.value(
            "customer", "1 to \(Limits.customerEmailMax) characters of a name or an e-mail address"
        ) { try? PrintableText.line($0, max: Limits.customerEmailMax) }
        filter.state = try Self.state(parameters["state"], now: now)
        let times =
            "an RFC 3339 time with an offset, or a date, which means the beginning of that day in "
            + "Jakarta"
        filter.expiresFrom = try parameters.value("expires_from", times) { Moment(parameter: $0) }
        filter.expiresTo = try parameters.value("expires_to", times) { Moment(parameter: $0) }
        self.filter = filter
        let orders = BillOrder.allCases.map(\.rawValue)
        let wanted = try parameters["sort"].map { text in
            guard let order = BillOrder(rawValue: text) else {
                throw Problem.noneOf("sort", orders)
            }
            return order
        }
        let order = wanted ?? filter.ownOrder
        self.order = order
        if order == .expiry, let state = filter.state, !state.holdsCode {
            throw Problem(
                .invalidParameter,
                "`sort=\(BillOrder.expiry.rawValue)` lists open and held bills only")
        }
        position = try parameters["cursor"].map { [filter] text in
            guard let position = BillCursor.position(text, of: filter, order) else {
                throw Problem(
                    .invalidParameter,
                    "`cursor` was not returned by this list with the same sort order and filters")
            }
            return position
        }
    }

    func cursor(at position: BillPosition) -> String {
        BillCursor.text(position, of: filter, order)
    }

    private static func state(_ text: String?, now: Moment) throws -> BillFilter.State? {
        guard let text else { return nil }
        if text == expired { return .expired(at: now) }
        guard let state = Bill.State(rawValue: text) else {
            throw Problem.noneOf("state", Bill.State.allCases.map(\.rawValue) + [expired])
        }
        return .stored(state)
    }
}

extension BillFilter.State {
    fileprivate var holdsCode: Bool {
        switch self {
        case .stored(let state): state.holdsCode
        case .expired: true
        }
    }
}

extension [String: String] {
    /// - Parameter what: the description of a valid value.
    fileprivate func value<Read>(
        _ name: String, _ what: String, _ read: (String) -> Read?
    ) throws -> Read? {
        guard let text = self[name] else { return nil }
        guard let value = read(text) else {
            throw Problem(.invalidParameter, "`\(name)` must be \(what)")
        }
        return value
    }
}

enum BillCursor {
    static func text(
        _ position: BillPosition, of filter: BillFilter, _ order: BillOrder
    ) -> String {
        let parts =
            switch position {
            case .id(let id): ["\(id)"]
            case .expiry(let moment, let id): ["\(moment.milliseconds)", "\(id)"]
            case .number(let number, let accountID):
                ["\(accountID)", hexadecimal(Array(number.text.utf8))]
            }
        let place = parts.joined(separator: "-")
        return mark(place, filter, order) + "-" + place
    }

    /// Returns nil if this list has not returned the text.
    static func position(
        _ text: String, of filter: BillFilter, _ order: BillOrder
    ) -> BillPosition? {
        guard let dash = text.firstIndex(of: "-"),
            let position = position(String(text[text.index(after: dash)...]), order),
            // Only the exact text that was returned is valid, not `+7` or `007`.
            self.text(position, of: filter, order) == text
        else { return nil }
        return position
    }

    private static func position(_ place: String, _ order: BillOrder) -> BillPosition? {
        let parts = place.split(separator: "-", omittingEmptySubsequences: false)
        switch order {
        case .newest, .oldest:
            guard parts.count == 1, let id = Int64(parts[0]) else { return nil }
            return .id(id)
        case .expiry:
            guard parts.count == 2, let moment = Int64(parts[0]), let id = Int64(parts[1]) else {
                return nil
            }
            return .expiry(Moment(milliseconds: moment), id: id)
        case .invoiceNumber:
            guard parts.count == 2, let accountID = Int64(parts[0]),
                let number = hexadecimalDecoded(parts[1].utf8).flatMap({
                    InvoiceNumber(String(decoding: $0, as: UTF8.self))
                })
            else { return nil }
            return .number(number, accountID: accountID)
        }
    }

    /// Returns a digest of the position, the order and all filters, except the time that `expired`
    /// is compared with.
    private static func mark(
        _ place: String, _ filter: BillFilter, _ order: BillOrder
    ) -> String {
        let state =
            switch filter.state {
            case .stored(let state)?: state.rawValue
            case .expired?: "expired"
            case nil: ""
            }
        let narrowed: [String?] = [
            filter.accountID?.description, filter.paymentCode?.digits,
            filter.invoiceNumber?.text, filter.invoicePrefix?.text, filter.customer, state,
            filter.expiresFrom?.milliseconds.description,
            filter.expiresTo?.milliseconds.description,
        ]
        let parts = ["bills", order.rawValue, place] + narrowed.map { $0 ?? "" }
        // No part contains a line feed.
        let digest = SHA256Digest(of: Array(parts.joined(separator: "\n").utf8))
        return hexadecimal(Array(digest.bytes.prefix(6)))
    }
}
