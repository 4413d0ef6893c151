// The query parameters of the list of bills: filters, order and cursor.

import LoketCore
import LoketStore
import LoketSystem

struct BillQuery {
    let filter: BillFilter
    let order: BillOrder
    let position: BillPosition?
    let limit: Int

    static let parameters = Page.parameters.union([
        "ids", "payment_code", "invoice_number", "invoice_prefix", "customer", "state", "account",
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
        filter.ids = try parameters.value("ids", "1 to \(Limits.pageItemsMax) ids with commas") {
            let ids = $0.split(separator: ",", omittingEmptySubsequences: false)
            let read = ids.compactMap { Int64(id: String($0)) }
            return read.count == ids.count && ids.count <= Limits.pageItemsMax ? read : nil
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
        let expiry = try TimeRange(parameters, names: ("expires_from", "expires_to"))
        (filter.expiresFrom, filter.expiresTo) = (expiry.from, expiry.to)
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
        let cursor = Self.cursor(filter, order)
        position = try parameters["cursor"].map { text in
            try cursor.position(text) { place in
                BillPosition(place: place, order).map { ($0, $0.place) }
            }
        }
    }

    func cursor(at position: BillPosition) -> String {
        Self.cursor(filter, order).text(position.place)
    }

    /// The time that `expired` is compared with is no part of the list's identity.
    private static func cursor(_ filter: BillFilter, _ order: BillOrder) -> ListCursor {
        let state =
            switch filter.state {
            case .stored(let state)?: state.rawValue
            case .expired?: Self.expired
            case nil: nil as String?
            }
        return ListCursor(list: [
            "bills", order.rawValue, filter.accountID?.description,
            filter.ids.map { $0.map(String.init).joined(separator: ",") },
            filter.paymentCode?.digits,
            filter.invoiceNumber?.text, filter.invoicePrefix?.text, filter.customer, state,
            filter.expiresFrom?.milliseconds.description,
            filter.expiresTo?.milliseconds.description,
        ])
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

extension BillPosition {
    /// Reads `<id>`, `<milliseconds>-<id>` or `<account>-<number in hexadecimal>`.
    fileprivate init?(place: String, _ order: BillOrder) {
        let parts = place.split(separator: "-", omittingEmptySubsequences: false)
        switch order {
        case .newest, .oldest:
            guard parts.count == 1, let id = Int64(parts[0]) else { return nil }
            self = .id(id)
        case .expiry:
            guard parts.count == 2, let moment = Int64(parts[0]), let id = Int64(parts[1]) else {
                return nil
            }
            self = .expiry(Moment(milliseconds: moment), id: id)
        case .invoiceNumber:
            guard parts.count == 2, let accountID = Int64(parts[0]),
                let number = hexadecimalDecoded(parts[1].utf8).flatMap({
                    InvoiceNumber(String(decoding: $0, as: UTF8.self))
                })
            else { return nil }
            self = .number(number, accountID: accountID)
        }
    }

    fileprivate var place: String {
        switch self {
        case .id(let id): "\(id)"
        case .expiry(let moment, let id): "\(moment.milliseconds)-\(id)"
        case .number(let number, let accountID):
            "\(accountID)-\(hexadecimal(Array(number.text.utf8)))"
        }
    }
}
