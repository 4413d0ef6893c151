// The bills whose codes are one slip away from the one that was asked for, as text and as JSON.

import LoketCore
import LoketJSON
import LoketStore

extension NearBills {
    /// `10 bills have a code that differs by one digit …`; nil where there are none.
    ///
    /// - Parameter receivedAt: when the code that is none of theirs was asked for.
    func text(asked code: PaymentCode, at receivedAt: Moment) -> String? {
        guard count > 0 else { return nil }
        let isOne = count == 1
        let who = "\(count) bill\(isOne ? " has" : "s have")"
        let isShort = items.allSatisfy { $0.slip == .digitMissing }
        let what =
            isShort
            ? "\(code.length) digits came; \(who) one digit more and differ\(isOne ? "s" : "") by "
                + "nothing else"
            : "\(who) a code that differs by one slip"
        let list = items.map { item in
            let bill = item.record.bill
            let asked = item.askedAt.map { at in
                let later = at.milliseconds - receivedAt.milliseconds
                return ", asked for \(span(milliseconds: later)) later"
            }
            return "\(bill.paymentCode) (\(item.slip.words); bill \(bill.id), "
                + "\(bill.invoiceNumber.text), \(bill.state.rawValue)\(asked ?? ""))"
        }
        let more = count > items.count ? ", …" : ""
        return "\(what): " + list.joined(separator: ", ") + more + "."
    }
}

extension NearBills {
    package func write(to object: inout JSONWriter) {
        object.field("count", Int64(count))
        object.array("items") { list in
            for item in items {
                let bill = item.record.bill
                list.object {
                    $0.field("difference", item.slip.rawValue)
                    $0.field("id", "\(bill.id)")
                    $0.field("payment_code", bill.paymentCode.digits)
                    $0.field("invoice_number", bill.invoiceNumber.text)
                    $0.field("amount", bill.amount.whole)
                    $0.field("state", bill.state.rawValue)
                    $0.field("asked_at", item.askedAt?.utcText)
                }
            }
        }
    }
}

extension CodeSlip {
    /// What is wrong with the code that came.
    fileprivate var words: String {
        switch self {
        case .digitMissing: "a digit missing"
        case .digitAdded: "a digit too many"
        case .digitChanged: "a digit changed"
        case .digitsSwapped: "two digits swapped"
        }
    }
}
