// The explanation of one request: its answer, the bill at that time and now, what would have made
// the request pass, and why its signature did not verify; and the JSON form of these values. Times
// in sentences are UTC; `loket why` displays them in WIB.

import DokuWire
import LoketCore
import LoketJSON
import LoketStore

package struct Explanation: Sendable {
    struct Answer: Sendable {
        let verdict: O2OVerdict
        /// The guard that decided the answer; nil if the request did not verify.
        let answeredBy: Guard?
        let meaning: String
    }

    struct BillReading: Sendable {
        let then: Bill
        /// The time of the inquiry.
        let at: Moment
        let now: BillRecord
    }

    struct SignatureReport: Sendable {
        /// The beginning of the received signature, enough to identify it. With some mistakes the
        /// right signature could be derived from the whole.
        let received: String?
        let verdict: String
        var findings: [SignatureDiagnosis.Finding]
        /// Whether no finding explains the signature, so that something else is wrong too.
        let isUnexplained: Bool
        let tried: Int
    }

    let requestID: String
    /// The number of known requests with this Request-Id, answered and refused.
    let count: Int
    /// The ids of the other journal rows with this Request-Id, newest first.
    let others: [Int64]
    /// The other requests with this Request-Id that did not verify, newest first.
    let refused: [Refusal]
    let inquiry: JournalRecord?
    let answer: Answer
    let bill: BillReading?
    /// Bills with a similar code, if no bill has the code itself.
    let near: NearBills
    let wouldHavePassed: String?
    let signature: SignatureReport?

    // MARK: JSON

    /// - Parameter now: the time of present amounts.
    package func write(
        to object: inout JSONWriter, accounts: [Int64: String], now: Moment
    ) {
        object.field("request_id", requestID)
        object.field("count", Int64(count))
        object.array("others") { list in
            for id in others { list.string("\(id)") }
        }
        object.array("refused") { list in
            for refusal in refused {
                list.object {
                    $0.field("received_at", refusal.receivedAt.utcText)
                    $0.field("kind", refusal.kind.rawValue)
                    $0.field("cause", refusal.cause)
                }
            }
        }
        if let inquiry {
            object.object("inquiry") { inquiry.write(to: &$0, account: accounts) }
        } else {
            object.field("inquiry", nil as String?)
        }
        object.object("answer") {
            $0.field("http_status", Int64(answer.verdict.http))
            $0.field("status", answer.verdict.status?.rawValue)
            $0.field("guard", answer.answeredBy?.rawValue)
            $0.field("meaning", answer.meaning)
        }
        write(bill, now: now, to: &object)
        object.object("near") { near.write(to: &$0, now: now) }
        object.field("would_have_passed", wouldHavePassed)
        write(signature, to: &object)
    }

    private func write(_ bill: BillReading?, now moment: Moment, to object: inout JSONWriter) {
        guard let bill else {
            object.field("bill", nil as String?)
            return
        }
        let now = bill.now.bill
        object.object("bill") { reading in
            reading.object("then") {
                $0.field("state", bill.then.state.rawValue)
                write(bill.then, at: bill.at, to: &$0)
                $0.field("invoice_number", now.invoiceNumber.text)
            }
            reading.object("now") {
                $0.field("id", "\(now.id)")
                $0.field("state", now.state.rawValue)
                write(now, at: moment, to: &$0)
                $0.field("due_at", now.dueAt?.utcText)
                $0.field("invoice_number", now.invoiceNumber.text)
            }
        }
    }

    /// Writes the terms of a bill: the amount at a moment, when it ends, and the amount after it.
    private func write(_ bill: Bill, at moment: Moment, to object: inout JSONWriter) {
        let change = bill.amounts.change(after: moment)
        object.field("amount", bill.amounts.amount(at: moment).whole)
        object.field("amount_until", change?.at.exactUTCText)
        object.field("next_amount", change?.to.whole)
        object.field("valid_from", bill.validFrom?.utcText)
        object.field("expires_at", bill.expiresAt?.utcText)
    }

    private func write(_ signature: SignatureReport?, to object: inout JSONWriter) {
        guard let signature else {
            object.field("signature", nil as String?)
            return
        }
        object.object("signature") { report in
            report.field("received", signature.received)
            report.field("verdict", signature.verdict)
            report.array("findings") { list in
                for finding in signature.findings {
                    list.object {
                        $0.field("mistake", finding.mistake)
                        $0.field("detail", finding.detail)
                        $0.field("fix", finding.fix)
                    }
                }
            }
            report.field("unexplained", signature.isUnexplained)
            report.field("tried", Int64(signature.tried))
        }
    }
}

/// The JSON form of an answered inquiry in the admin API.
extension JournalRecord {
    package func write(to object: inout JSONWriter, account: [Int64: String]) {
        let verdict = O2OVerdict(entry.answeredBy)
        object.field("id", "\(id)")
        object.field("received_at", entry.receivedAt.utcText)
        object.field("request_id", entry.requestID)
        object.field("dialect", entry.dialect)
        object.field("account", account[entry.accountID])
        object.field("payment_code", entry.codeText)
        object.field("channel", entry.channel)
        object.field("acquirer", entry.acquirer)
        object.field("guard", entry.answeredBy.rawValue)
        object.field("status", verdict.status?.rawValue)
        object.field("http_status", Int64(verdict.http))
        object.field("bill_id", entry.billID.map { "\($0)" })
        object.field("amount", entry.amount)
        object.field("invoice_number", entry.invoiceNumber)
        object.field("duration_us", entry.durationMicroseconds)
        object.field("skew_ms", entry.skewMilliseconds)
    }
}

/// The text form of the bills whose code differs by one slip from the requested code.
extension NearBills {
    /// Returns a sentence such as `10 bills have a code that differs by one slip: …`, or nil.
    ///
    /// - Parameter receivedAt: the arrival time of the request with `code`.
    func text(asked code: PaymentCode, at receivedAt: Moment) -> String? {
        guard count > 0 else { return nil }
        let isOne = count == 1
        let who = "\(count) bill\(isOne ? " has" : "s have")"
        let isShort = items.allSatisfy { $0.slip == .digitMissing }
        let what =
            isShort
            ? "The code has \(code.length) digits; \(who) one digit more and no other difference"
            : "\(who) a code that differs by one typing mistake"
        let list = items.map { item in
            let bill = item.record.bill
            let asked = item.askedAt.map { at in
                let later = at.milliseconds - receivedAt.milliseconds
                return ", inquiry \(span(milliseconds: later)) later"
            }
            return "\(bill.paymentCode) (\(item.slip.words); bill \(bill.id), "
                + "\(bill.invoiceNumber.text), \(bill.state.rawValue)\(asked ?? ""))"
        }
        let more = count > items.count ? ", …" : ""
        return "\(what): " + list.joined(separator: ", ") + more + "."
    }
}

extension NearBills {
    /// - Parameter now: the time of the amounts.
    package func write(to object: inout JSONWriter, now: Moment) {
        object.field("count", Int64(count))
        object.array("items") { list in
            for item in items {
                let bill = item.record.bill
                list.object {
                    $0.field("difference", item.slip.rawValue)
                    $0.field("id", "\(bill.id)")
                    $0.field("payment_code", bill.paymentCode.digits)
                    $0.field("invoice_number", bill.invoiceNumber.text)
                    $0.field("amount", bill.amounts.amount(at: now).whole)
                    $0.field("customer", bill.customerName)
                    $0.field("state", bill.state.rawValue)
                    $0.field("asked_at", item.askedAt?.utcText)
                }
            }
        }
    }
}

extension CodeSlip {
    /// What is wrong with the requested code.
    fileprivate var words: String {
        switch self {
        case .digitMissing: "a digit missing"
        case .digitAdded: "a digit too many"
        case .digitChanged: "a digit changed"
        case .digitsSwapped: "two digits swapped"
        }
    }
}

extension PaymentRecord {
    /// Returns a text such as `payment 5, Rp74.000 of Rp75.000, amount_mismatch`.
    func words(of bill: Bill?) -> String {
        let paid = amount.map { Rupiah.text(whole: $0) } ?? "an unknown amount"
        let whole = bill.map { " of \($0.amounts.amount(at: paidAt ?? receivedAt).text)" } ?? ""
        return "payment \(id), \(paid)\(whole), \(standing.rawValue)"
    }
}
