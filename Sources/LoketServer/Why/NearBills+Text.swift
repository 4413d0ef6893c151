// What is said of the bills whose codes are one slip away from the one that was asked for.

import LoketCore
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
