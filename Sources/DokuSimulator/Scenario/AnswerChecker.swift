// Holds an answer against what the script says. Reads the bytes with the strict reader and the
// numbers by hand; says everything that is wrong, not the first thing.

import LoketCore
import LoketJSON

package struct AnswerChecker: Sendable {
    private let doku: Doku
    /// Invoice numbers given so far to codes that get a new one each time.
    private var seenInvoices: Set<String> = []

    package init(doku: Doku) {
        self.doku = doku
    }

    /// - Returns: what is wrong with the answer; empty where it is the right one.
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
            faults.append("code \(code ?? "none") echoed")
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
            return isNew ? [] : ["invoice number \(number) was given before"]
        }
    }
}
