// Compares an answer with the expectation of the script. It reads the body with the strict JSON
// reader and reports every fault, not only the first.

import LoketCore
import LoketJSON

package struct AnswerChecker: Sendable {
    private let doku: Doku
    /// The invoice numbers already returned for codes that get a new number each time.
    private var seenInvoices: Set<String> = []

    package init(doku: Doku) {
        self.doku = doku
    }

    /// - Returns: The faults of the answer; empty if it is right.
    package mutating func faults(
        in answer: DokuAnswer, to request: DokuRequest, of scene: Script.Scene
    ) -> [String] {
        let expected = scene.expected
        var faults: [String] = []
        if answer.status != expected.http {
            faults.append("HTTP \(answer.status), expected \(expected.http)")
        }
        let signature = doku.signature(of: answer, to: request)
        let wanted: Doku.AnswerSignature = expected.signed ? .verified : .absent
        if signature != wanted { faults.append("signature \(signature), expected \(wanted)") }
        guard let body = try? StrictJSON(answer.body).root else {
            return faults + ["the body is not strict JSON"]
        }
        let status = body["online_to_offline_inquiry"]?["status"]?.string
        if status != expected.status {
            faults.append("status \(status ?? "none"), expected \(expected.status)")
        }
        let code = body["online_to_offline_info"]?["payment_code"]?.string
        if code != (expected.echoesCode ? scene.code : nil) {
            faults.append("payment code \(code ?? "none") in the answer")
        }
        let amount = body["order"]?["amount"]?.integer
        if amount != expected.amount {
            faults.append("amount \(amount.map { "\($0)" } ?? "none")")
        }
        faults += invoiceFaults(body["order"]?["invoice_number"]?.string, expected.invoice)
        return faults
    }

    private mutating func invoiceFaults(
        _ number: String?, _ expected: Script.Invoice?
    ) -> [String] {
        switch expected {
        case nil:
            return number == nil ? [] : ["an invoice number in a decline"]
        case .exactly(let wanted):
            return number == wanted ? [] : ["invoice number \(number ?? "none")"]
        case .startsWith(let prefix):
            guard let number, number.hasPrefix(prefix) else {
                return ["invoice number \(number ?? "none"), expected \(prefix)…"]
            }
            let isNew = seenInvoices.insert(number).inserted
            return isNew ? [] : ["invoice number \(number) was used before"]
        }
    }
}
