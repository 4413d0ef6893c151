// What is known of one request: its answer, the bill as it was, what would have made it pass, and
// why its signature did not fit. Values only, and how they are written; times in sentences are UTC,
// which `loket why` writes in WIB.

import DokuWire
import LoketCore
import LoketJSON
import LoketStore

package struct Explanation: Sendable {
    struct Answer: Sendable {
        let verdict: O2OVerdict
        /// Nil: it did not verify.
        let answeredBy: Guard?
        let meaning: String
    }

    struct BillReading: Sendable {
        let then: Bill
        let now: BillRecord
    }

    struct SignatureReport: Sendable {
        /// As much of it as tells it from others. Some mistakes make a signature out of which the
        /// right one can be told.
        let received: String?
        let verdict: String
        var findings: [SignatureDiagnosis.Finding]
        /// The findings are not what made the signature: something else is wrong beside them.
        let isUnexplained: Bool
        let tried: Int
    }

    let requestID: String
    /// Requests that are known, answered and refused.
    let count: Int
    /// Rows of the journal beside the one explained, newest first.
    let others: [Int64]
    /// Those that did not verify, beside the one explained, newest first.
    let refused: [Refusal]
    let inquiry: JournalRecord?
    let answer: Answer
    let bill: BillReading?
    /// Bills that may have been meant, where no bill has the code.
    let near: NearBills
    let wouldHavePassed: String?
    let signature: SignatureReport?

    // MARK: JSON

    package func write(to object: inout JSONWriter, accounts: [Int64: String]) {
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
        write(bill, to: &object)
        object.object("near") { near.write(to: &$0) }
        object.field("would_have_passed", wouldHavePassed)
        write(signature, to: &object)
    }

    private func write(_ bill: BillReading?, to object: inout JSONWriter) {
        guard let bill else {
            object.field("bill", nil as String?)
            return
        }
        let now = bill.now.bill
        object.object("bill") { reading in
            reading.object("then") {
                $0.field("state", bill.then.state.rawValue)
                $0.field("amount", bill.then.amount.whole)
                $0.field("expires_at", bill.then.expiresAt?.utcText)
                $0.field("invoice_number", now.invoiceNumber.text)
            }
            reading.object("now") {
                $0.field("id", "\(now.id)")
                $0.field("state", now.state.rawValue)
                $0.field("amount", now.amount.whole)
                $0.field("expires_at", now.expiresAt?.utcText)
                $0.field("invoice_number", now.invoiceNumber.text)
            }
        }
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
