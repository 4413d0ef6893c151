// What was seen, in the words in which the stories say what they expect. Whatever is not as it
// should be adds a word, and so differs.

import LoketCore
import LoketJSON

enum ScenarioWords {
    // MARK: The gateway's answers

    /// `200 success 150000, verified`
    ///
    /// - Parameter number: the bill's own, which the answer has, or has with a suffix.
    static func inquiry(
        _ answer: DokuAnswer, _ signature: Doku.AnswerSignature, code: String, number: String
    ) -> String {
        guard let body = try? StrictJSON(answer.body).root else {
            return "\(answer.status) no JSON, \(signature)"
        }
        let status = body["online_to_offline_inquiry"]?["status"]?.string ?? "no status"
        let amount = body["order"]?["amount"].map { " " + raw($0) } ?? ""
        var words = "\(answer.status) \(status)\(amount), \(signature)"
        let echo = body["online_to_offline_info"]?["payment_code"]?.string
        if echo != code { words += ", code \(echo ?? "none")" }
        let quoted = quotedNumber(answer)
        if answer.status == 200, !isNumber(quoted, of: number) {
            words += ", invoice number \(quoted ?? "none")"
        }
        return words
    }

    /// The invoice number of an answer to an inquiry.
    static func quotedNumber(_ answer: DokuAnswer) -> String? {
        (try? StrictJSON(answer.body).root)?["order"]?["invoice_number"]?.string
    }

    private static func isNumber(_ quoted: String?, of own: String) -> Bool {
        guard let quoted else { return false }
        let suffix = quoted.dropFirst(own.count)
        return quoted.hasPrefix(own)
            && (suffix.isEmpty || suffix.hasPrefix("-") && suffix.count == 1 + 10)
    }

    /// `200 echoed, verified`
    ///
    /// - Parameter earlier: the answer that this one has to repeat, if it has to.
    static func acknowledgement(
        _ answer: DokuAnswer, _ signature: Doku.AnswerSignature, number: String, code: String,
        earlier: DokuAnswer? = nil
    ) -> String {
        let isSame = answer.body == earlier?.body
        let body =
            earlier == nil
            ? self.body(answer.body, number: number, code: code)
            : isSame ? "same bytes" : "OTHER bytes"
        return "\(answer.status) \(body), \(signature)"
    }

    private static func body(_ bytes: [UInt8], number: String, code: String) -> String {
        if bytes.isEmpty { return "empty" }
        if bytes == Array("{}".utf8) { return "{}" }
        guard let root = try? StrictJSON(bytes).root else { return "no JSON" }
        let isEcho =
            root.members.map(\.name) == ["order", "online_to_offline_info"]
            && root["order"]?.members.count == 1
            && root["order"]?["invoice_number"]?.string == number
            && root["online_to_offline_info"]?.members.count == 1
            && root["online_to_offline_info"]?["payment_code"]?.string == code
        return isEcho ? "echoed" : "other body"
    }

    // MARK: The admin API's

    /// `settled [late, needs attention]`; what goes without saying is not said.
    ///
    /// - Parameter bill: id of the bill whose the payment should be.
    static func payment(_ payment: JSONValue, bill: String) -> String {
        let standing = text(payment["standing"])
        var remarks: [String] = []
        if text(payment["amount"]) != "\(Scenario.Story.amount)" {
            remarks.append(payment["amount"]?.integer.map { "\($0)" } ?? "no amount")
        }
        remarks += (payment["flags"]?.elements ?? []).map(text).sorted()
        let first = text(payment["classified_as"])
        if first != standing { remarks.append("was \(first)") }
        if let action = payment["resolution"]?["action"]?.string { remarks.append(action) }
        if payment["needs_attention"]?.bool == true { remarks.append("needs attention") }
        let owner = text(payment["bill_id"])
        if owner != bill { remarks.append(owner == "none" ? "no bill" : "bill of somebody else") }
        let deliveries = payment["notifications"]?.elements.count ?? 0
        if deliveries != 1 { remarks.append("\(deliveries) deliveries") }
        let source = text(payment["source"])
        if source != "notification" { remarks.append("from \(source)") }
        return remarks.isEmpty ? standing : "\(standing) [\(remarks.joined(separator: ", "))]"
    }

    /// `bill paid, 150000 received`
    static func bill(_ bill: JSONValue) -> String {
        "bill \(text(bill["state"])), \(text(bill["payments"]?["amount"])) received"
    }

    /// Whether the two sides of the totals agree, which are counted in two ways.
    static func sums(_ totals: JSONValue) -> String {
        var count: Int64 = 0
        var amount: Int64 = 0
        for standing in totals["standings"]?.elements ?? [] {
            count += standing["count"]?.integer ?? 0
            amount += standing["amount"]?.integer ?? 0
        }
        let received = totals["received"]
        if received?["count"]?.integer == count, received?["amount"]?.integer == amount, count > 0 {
            return "the sums agree"
        }
        let left = "\(text(received?["count"])) payments of \(text(received?["amount"]))"
        return "received \(left), in the books \(count) of \(amount)"
    }

    /// An admin answer that is not the one that was asked for.
    static func refusal(_ answer: DokuAnswer, to request: DokuRequest) -> String {
        let problem = try? StrictJSON(answer.body).root
        let cause = problem?["type"]?.string?.split(separator: ":").last.map { " \($0)" } ?? ""
        let place = request.target.split(separator: "?").first ?? ""
        return "\(request.method) \(place): \(answer.status)\(cause)"
    }

    // MARK: Values

    /// A string's text, a number's digits, `none` for null and for what is not there.
    static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "none" }
        return value.string ?? raw(value)
    }

    private static func raw(_ value: JSONValue) -> String {
        String(decoding: value.rawBytes, as: UTF8.self)
    }
}
