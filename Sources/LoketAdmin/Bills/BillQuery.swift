// What the list of bills is asked for: filters, order, and where the last page ended.

import LoketCore
import LoketStore

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
    ///   - ids: the database's row of each Client-Id.
    ///   - accountID: the only account whose bills may be shown; nil: every one.
    /// - Throws: `invalid_parameter`; `account_forbidden` for another account than the only one.
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
                throw Problem(.invalidParameter, "`account` is no Client-Id that is known here")
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
            "customer", "1 to \(Limits.customerEmailMax) characters of a name or an address"
        ) { PrintableText.fault(in: $0, max: Limits.customerEmailMax) == nil ? $0 : nil }
        filter.state = try Self.state(parameters["state"], now: now)
        let times = "RFC 3339 with an offset, or a date, which begins that day in Jakarta"
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
                    "`cursor` is not one that this list has given, in this order and for these "
                        + "filters")
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
    /// - Parameter what: what a right value is.
    fileprivate func value<Read>(
        _ name: String, _ what: String, _ read: (String) -> Read?
    ) throws -> Read? {
        guard let text = self[name] else { return nil }
        guard let value = read(text) else {
            throw Problem(.invalidParameter, "`\(name)` is \(what)")
        }
        return value
    }
}
