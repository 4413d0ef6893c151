// The cursor of the list of bills: a place, and a mark of the list that gave it. It is no secret and
// guards nothing; it keeps a place of one list from being taken for one of another.

import LoketCore
import LoketSystem
import LoketStore

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

    /// Nil for whatever this list has not given.
    static func position(
        _ text: String, of filter: BillFilter, _ order: BillOrder
    ) -> BillPosition? {
        guard let dash = text.firstIndex(of: "-"),
            let position = position(String(text[text.index(after: dash)...]), order),
            // As it would be written: `+7` and `007` are not.
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

    /// Of the place, the order and everything that narrows the list, but for the moment at which
    /// `expired` is read.
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
        // No part has a line feed in it.
        let digest = SHA256Digest(of: Array(parts.joined(separator: "\n").utf8))
        return hexadecimal(Array(digest.bytes.prefix(6)))
    }
}
