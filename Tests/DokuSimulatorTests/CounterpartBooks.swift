// The data of the scenario's counterpart: bills, payments and notifications, as JSON where the
// scenario reads it.

import LoketCore
import LoketJSON

struct CounterpartBooks {
    struct Bill {
        let code: String
        let number: String
        var amount: Int64
        let isReusable: Bool
        let expiresAt: Moment?
        var firstAmount: Int64
        var state = "open"
    }

    private struct Payment {
        let number: String?
        var bill: Int?
        let amount: Int64?
        var standing: String
        let classifiedAs: String
        var flags: [String] = []
        var action: String?
        let sale: String?
        var notifications = 1
        var holds: Int?
    }

    private struct Notification {
        let requestID: String
        let body: [UInt8]
        let answer: String
        let standing: String
        let payment: Int?
    }

    private(set) var bills: [Bill] = []
    private var paid: [Payment] = []
    private var notifications: [Notification] = []

    // MARK: A notification

    /// - Returns: The answer's body.
    mutating func take(_ body: [UInt8], requestID: String) -> String {
        if let equal = notifications.first(where: {
            $0.requestID == requestID && $0.body == body
        }) {
            return equal.answer
        }
        let root = (try? StrictJSON(body))?.root
        let number = root?["order"]?["invoice_number"]?.string
        let code = root?["online_to_offline_info"]?["payment_code"]?.string ?? ""
        var answer = """
            {"order":{"invoice_number":"\(number ?? "")"},\
            "online_to_offline_info":{"payment_code":"\(code)"}}
            """
        let status = root?["transaction"]?["status"]?.string
        var standing = "not_success"
        var index: Int?
        if status == nil || status == "SUCCESS" {
            let payment = classify(root, number: number, code: code)
            if payment.standing == "unreadable" { answer = "{}" }
            if let known = paid.firstIndex(where: {
                $0.number == number && $0.sale == payment.sale && $0.amount == payment.amount
            }), number != nil {
                paid[known].notifications += 1
                index = known
            } else {
                settle(payment)
                paid.append(payment)
                index = paid.count - 1
            }
            standing = payment.standing
        }
        notifications.append(
            Notification(
                requestID: requestID, body: body, answer: answer, standing: standing,
                payment: index))
        return answer
    }

    private func classify(_ root: JSONValue?, number: String?, code: String) -> Payment {
        let sale = root?["online_to_offline_payment"]?["identifier"]?.elements
            .first { $0["name"]?.string == "AGENT_TRX_ID" }?["value"]?.string
        let spelled = root?["order"]?["amount"].map {
            String(decoding: $0.rawBytes, as: UTF8.self)
        }
        let amount = spelled.flatMap { Int64($0.replacing(".00", with: "")) }
        let own = bills.firstIndex {
            number == $0.number
                || number?.hasPrefix($0.number + "-") == true
                    && number?.hasSuffix("-unknown") == false
        }
        func payment(_ standing: String, _ flags: [String] = [], holds: Int? = nil) -> Payment {
            let isOurs = !["unreadable", "foreign", "unmatched"].contains(standing)
            return Payment(
                number: standing == "unreadable" ? nil : number, bill: isOurs ? own : nil,
                amount: amount, standing: standing, classifiedAs: standing, flags: flags,
                sale: sale, holds: holds)
        }
        guard root != nil, let amount else { return payment("unreadable") }
        if root?["service"]?["id"]?.string != "ONLINE_TO_OFFLINE" { return payment("foreign") }
        guard let own else {
            guard code.hasPrefix(ScenarioCounterpart.bin) else { return payment("foreign") }
            return payment("unmatched", holds: bills.firstIndex { $0.code == code })
        }
        let bill = bills[own]
        var flags: [String] = []
        if code != bill.code { flags.append("code_differs") }
        if bill.state == "paid" { return payment("duplicate", flags) }
        if bill.state == "cancelled" { return payment("after_cancel", flags) }
        guard amount == bill.amount || amount == bill.firstAmount else {
            return payment("amount_mismatch", flags, holds: own)
        }
        if amount != bill.amount { flags.append("old_amount") }
        let date = root?["transaction"]?["date"]?.string.flatMap { Moment(rfc3339: $0) }
        if let date, let end = bill.expiresAt, date.seconds > end.seconds + 900 {
            flags.append("late")
        }
        return payment("settled", flags)
    }

    private mutating func settle(_ payment: Payment) {
        if let held = payment.holds { bills[held].state = "held" }
        guard payment.standing == "settled", let bill = payment.bill else { return }
        if !bills[bill].isReusable { bills[bill].state = "paid" }
    }

    // MARK: The admin API

    mutating func add(_ body: JSONValue) -> String {
        let amount = body["amount"]?.integer ?? 0
        bills.append(
            Bill(
                code: body["payment_code"]?.string ?? "",
                number: body["invoice_number"]?.string ?? "", amount: amount,
                isReusable: body["reusable"]?.bool ?? false,
                expiresAt: body["expires_at"]?.string.flatMap { Moment(rfc3339: $0) },
                firstAmount: amount))
        return bill("\(bills.count - 1)") ?? ""
    }

    func bill(_ id: String) -> String? {
        guard let index = Int(id), bills.indices.contains(index) else { return nil }
        let sum = paid.filter { $0.bill == index && $0.standing == "settled" }
            .reduce(0) { $0 + ($1.amount ?? 0) }
        return #"{"id":"\#(id)","state":"\#(bills[index].state)","payments":{"amount":\#(sum)}}"#
    }

    mutating func edit(_ id: String, _ amount: Int64?) -> String? {
        guard let index = Int(id), let amount else { return nil }
        bills[index].amount = amount
        return bill(id)
    }

    mutating func cancel(_ id: String) -> String? {
        guard let index = Int(id), bills[index].state != "paid" else { return nil }
        bills[index].state = "cancelled"
        return bill(id)
    }

    func payment(_ id: String) -> String? {
        guard let index = Int(id), paid.indices.contains(index) else { return nil }
        let it = paid[index]
        let isFine = it.flags.isEmpty && ["settled", "foreign"].contains(it.standing)
        func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
        return """
            {"id":"\(id)","bill_id":\(quoted(it.bill.map { "\($0)" })),\
            "amount":\(it.amount.map { "\($0)" } ?? "null"),"standing":"\(it.standing)",\
            "classified_as":"\(it.classifiedAs)","source":"notification",\
            "flags":[\(it.flags.map { quoted($0) }.joined(separator: ","))],\
            "needs_attention":\(it.action == nil && !isFine),\
            "resolution":\(it.action.map { "{\"action\":\"\($0)\"}" } ?? "null"),\
            "notifications":[\((0..<it.notifications).map { "\"\($0)\"" }.joined(separator: ","))]}
            """
    }

    func payments(of number: String) -> String {
        let ids = paid.indices.filter { paid[$0].number == number }.reversed()
        return #"{"items":[\#(ids.compactMap { payment("\($0)") }.joined(separator: ","))]}"#
    }

    var notificationList: String {
        let items = notifications.reversed().map { it in
            let payment = it.payment.map { "\"\($0)\"" } ?? "null"
            return """
                {"request_id":"\(it.requestID)","standing":"\(it.standing)",\
                "payment_id":\(payment)}
                """
        }
        return #"{"items":[\#(items.joined(separator: ","))]}"#
    }

    mutating func resolve(_ id: String, _ body: JSONValue) -> String? {
        guard let index = Int(id), let action = body["action"]?.string else { return nil }
        paid[index].action = action
        if action == "accept" {
            let bill = body["bill_id"]?.string.flatMap { Int($0) } ?? paid[index].bill
            guard let bill else { return nil }
            paid[index].bill = bill
            paid[index].standing = "settled"
            bills[bill].state = "paid"
        } else if let held = paid[index].holds, bills[held].state == "held" {
            bills[held].state = "open"
        }
        return payment(id)
    }

    var totals: String {
        let counted = paid.filter { !["foreign", "unreadable"].contains($0.standing) }
        let sum = counted.reduce(0) { $0 + ($1.amount ?? 0) }
        let both = #""count":\#(counted.count),"amount":\#(sum)"#
        return #"{"received":{\#(both)},"standings":[{\#(both)}]}"#
    }
}
