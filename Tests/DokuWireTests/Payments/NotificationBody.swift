// A complete notification, one member of which a case changes, and its expected content.

import LoketCore

enum NotificationBody {
    static let members = [
        "service": #"{"id":"ONLINE_TO_OFFLINE"}"#,
        "acquirer": #"{"id":"ALFA"}"#,
        "channel": #"{"id":"ONLINE_TO_OFFLINE_ALFA"}"#,
        "transaction": #"{"status":"SUCCESS","date":"2021-08-12T07:06:28Z"}"#,
        "order": #"{"invoice_number":"INV-1","amount":150000}"#,
        "online_to_offline_info": #"{"payment_code":"8896512345678123"}"#,
        "online_to_offline_payment":
            #"{"identifier":[{"name":"AGENT_ID","value":"ALFAMART"}]}"#,
    ]

    static let receipt = ReportedPayment(
        source: .notification, invoiceNumber: "INV-1", amount: Rupiah(whole: 150_000),
        codeText: "8896512345678123", dateText: "2021-08-12T07:06:28Z",
        channelID: "ONLINE_TO_OFFLINE_ALFA",
        identifiers: [ReportedPayment.Identifier(name: "AGENT_ID", value: "ALFAMART")])

    /// - Parameters:
    /// - changes: The members with their new values; nil: removed.
    /// - order: The names in order; alphabetical if nil.
    static func text(_ changes: [String: String?] = [:], order: [String]? = nil) -> String {
        let all = members.merging(changes.compactMapValues(\.self)) { $1 }
        let names = (order ?? all.keys.sorted()).filter { changes[$0] != .some(nil) }
        return "{"
            + names.compactMap { name in all[name].map { "\"\(name)\":\($0)" } }
            .joined(separator: ",") + "}"
    }
}
