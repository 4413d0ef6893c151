// Descriptions of answers, in the wording that the stories use for their expectations. Any
// deviation adds a word and so makes the description differ.

import LoketCore
import LoketJSON

enum ScenarioWords {
    // MARK: Answers of the gateway

    /// Returns, for example, `200 success 150000, verified`.
    ///
    /// - Parameter number: The bill's number, which the answer must contain, perhaps with a suffix.
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

    /// Returns the invoice number in the answer to an inquiry.
    static func quotedNumber(_ answer: DokuAnswer) -> String? {
        (try? StrictJSON(answer.body).root)?["order"]?["invoice_number"]?.string
    }

    private static func isNumber(_ quoted: String?, of own: String) -> Bool {
        guard let quoted else { return false }
        let suffix = quoted.dropFirst(own.count)
        return quoted.hasPrefix(own)
            && (suffix.isEmpty || suffix.hasPrefix("-") && suffix.count == 1 + 10)
    }

    /// Returns a description such as `200 echoed, verified`.
    ///
    /// - Parameter earlier: The answer that must be repeated; nil if none.
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

    // MARK: Answers of the admin API

    /// Returns a description such as `settled [late, needs attention]`; usual values are left out.
    ///
    /// - Parameter bill: The id of the bill that the payment should belong to.
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
        if owner != bill { remarks.append(owner == "none" ? "no bill" : "another bill") }
        let deliveries = payment["notifications"]?.elements.count ?? 0
        if deliveries != 1 { remarks.append("\(deliveries) deliveries") }
        let source = text(payment["source"])
        if source != "notification" { remarks.append("from \(source)") }
        return remarks.isEmpty ? standing : "\(standing) [\(remarks.joined(separator: ", "))]"
    }

    /// Returns, for example, `bill paid, 150000 received`.
    static func bill(_ bill: JSONValue) -> String {
        "bill \(text(bill["state"])), \(text(bill["payments"]?["amount"])) received"
    }

    /// Describes whether the two totals agree, which the service counts in two ways.
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
        return "received \(left), recorded \(count) of \(amount)"
    }

    /// Returns a description of an unexpected answer of the admin API.
    static func refusal(_ answer: DokuAnswer, to request: DokuRequest) -> String {
        let problem = try? StrictJSON(answer.body).root
        let cause = problem?["type"]?.string?.split(separator: ":").last.map { " \($0)" } ?? ""
        let place = request.target.split(separator: "?").first ?? ""
        return "\(request.method) \(place): \(answer.status)\(cause)"
    }

    // MARK: Values

    /// Returns the text of a string, the digits of a number, and `none` for null or nil.
    static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "none" }
        return value.string ?? raw(value)
    }

    private static func raw(_ value: JSONValue) -> String {
        String(decoding: value.rawBytes, as: UTF8.self)
    }
}
