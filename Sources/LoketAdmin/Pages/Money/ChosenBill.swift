// A bill that a payment may be accepted for: the difference of the two amounts in words, whether the
// API would refuse the bill, and what would happen.

import LoketCore
import LoketJSON

struct ChosenBill {
    let bill: JSONValue
    private let payment: PaymentFacts
    private let words: Words

    init(_ bill: JSONValue, for payment: PaymentFacts) {
        (self.bill, self.payment, words) = (bill, payment, payment.words)
    }

    var id: String { bill["id"]?.string ?? "" }
    private var invoice: String { bill["invoice_number"]?.string ?? "–" }
    private var owed: Int64? { bill["amount"]?.integer }
    private var paid: Int64? { payment.payment["amount"]?.integer }
    private var isReusable: Bool { bill["reusable"]?.bool == true }

    /// Whether another payment has paid the bill; the API would refuse it.
    var isTaken: Bool { bill["state"]?.string == "paid" && !isReusable }
    var isSame: Bool { paid != nil && paid == owed }

    /// The bills in the order in which they are offered: those that can be chosen first, then those
    /// of the payment's amount.
    static func sorted(_ bills: [ChosenBill]) -> [ChosenBill] {
        func place(_ bill: ChosenBill) -> Int { (bill.isTaken ? 2 : 0) + (bill.isSame ? 0 : 1) }
        return bills.enumerated()
            .sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
            .map(\.element)
    }

    /// The difference of the payment's amount from the bill's.
    var difference: String {
        guard let paid, let owed else { return words["choose_unknown"] }
        guard paid != owed else { return words["choose_same"] }
        return words(
            paid < owed ? "choose_less" : "choose_more",
            ["amount": Rupiah.text(whole: abs(paid - owed))])
    }

    /// For the templates.
    var values: [String: Any] {
        BillLine.values(bill, words).merging([
            "bill_id": id, "difference": difference, "differs": !isSame, "taken": isTaken,
        ]) { $1 }
    }

    // MARK: The question

    /// Whether to ask before the payment is accepted for the bill. The payment itself may hold it.
    var isDoubtful: Bool {
        !isTaken && (!isSame || !["open", "held"].contains(bill["state"]?.string))
    }

    /// What somebody has seen who answers the question: another amount is another question.
    var mark: String { "\(id) \(owed.map(String.init) ?? "") \(bill["state"]?.string ?? "")" }

    /// What would happen, in sentences.
    var consequences: [String] {
        var sentences: [String] = []
        if paid == nil {
            sentences.append(words["choose_unread"])
        } else if !isSame {
            sentences.append(
                words(
                    "choose_amounts", ["amount": payment.amount, "owed": rupiah(owed) ?? "–"]))
        }
        let state = bill["state"]?.string ?? ""
        if state != "open" {
            sentences.append(words("choose_state", ["state": words["state_\(state)"]]))
        }
        let key = isReusable ? "choose_stays" : "choose_becomes_paid"
        return sentences + [words(key, ["invoice": invoice]), words["choose_back"]]
    }

    /// What was done, for the notice after it.
    var done: (key: String, values: [String: String]) {
        ("choose_done", ["amount": payment.amount, "invoice": invoice])
    }
}
