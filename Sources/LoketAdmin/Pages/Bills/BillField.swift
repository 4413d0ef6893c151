// The fields of a bill as people type them: their texts, and what the API is sent for a text.

import BillFiles
import LoketCore
import LoketJSON

/// The case's name is the name of the field in forms and in addresses.
enum BillField: String, CaseIterable {
    case name, amount, invoice, expires, code, info, email, due

    /// What every bill has.
    static let main: [BillField] = [.name, .amount, .invoice, .expires, .code]
    /// What few bills have.
    static let more: [BillField] = [.info, .email, .due]
    static let editable: [BillField] = [.expires, .amount, .name, .info, .email, .due]

    /// As `Problem.faultsByField` names the field.
    var fault: String {
        switch self {
        case .name: "customer_name"
        case .amount: "amount"
        case .invoice: "invoice_number"
        case .expires: "expires_at"
        case .code: "payment_code"
        case .info: "info"
        case .email: "customer_email"
        case .due: "due_at"
        }
    }

    /// The key of its name in `strings.yaml`.
    var label: String {
        switch self {
        case .name: "bills_field_customer_name"
        case .amount: "billform_amount"
        case .invoice: "bills_invoice"
        case .expires: "bills_field_expires_at"
        case .code: "fact_code"
        case .info: "bills_field_info"
        case .email: "bills_field_customer_email"
        case .due: "bills_field_due_at"
        }
    }

    // MARK: From a bill

    static func texts(of bill: JSONValue) -> [BillField: String] {
        Dictionary(uniqueKeysWithValues: editable.map { ($0, $0.text(of: bill)) })
    }

    /// The field's text in a form.
    private func text(of bill: JSONValue) -> String {
        switch self {
        case .name: bill["customer"]?["name"]?.string ?? ""
        case .amount: Self.amounts(of: bill)
        case .invoice: bill["invoice_number"]?.string ?? ""
        case .expires: Self.date(bill["expires_at"])
        case .code: bill["payment_code"]?.string ?? ""
        case .info: bill["info"]?.string ?? ""
        case .email: bill["customer"]?["email"]?.string ?? ""
        case .due: Self.date(bill["due_at"])
        }
    }

    /// The field's value in a sentence: a time instead of its date.
    func shown(in bill: JSONValue, _ words: Words) -> String {
        let time: String? =
            switch self {
            case .expires: words.moment(bill["expires_at"]?.string)
            case .due: words.moment(bill["due_at"]?.string)
            default: nil
            }
        let text = time ?? text(of: bill)
        return text.isEmpty ? "–" : text
    }

    private static func date(_ value: JSONValue?) -> String {
        value?.string.flatMap { Moment(rfc3339: $0) }?.wibDate ?? ""
    }

    /// `Rp150.000`, or `2026-12-10=150000;175000` of a bill with several amounts.
    private static func amounts(of bill: JSONValue) -> String {
        guard let list = bill["amounts"], let amounts = try? DatedAmounts(list) else {
            return rupiah(bill["amount"]?.integer) ?? ""
        }
        let steps = amounts.steps.map { "\(end($0.until))=\($0.amount)" }
        return (steps + ["\(amounts.last)"]).joined(separator: ";")
    }

    /// The date of a day's end, else the whole time.
    private static func end(_ moment: Moment) -> String {
        Moment(rfc3339: moment.wibDate) == moment ? moment.wibDate : moment.exactUTCText
    }

    // MARK: From a text

    /// Whether two texts have the same meaning.
    func isSame(_ one: String, _ other: String) -> Bool {
        if self == .amount, let one = try? Self.amounts(one), let other = try? Self.amounts(other) {
            return one == other
        }
        return one.utf8.elementsEqual(other.utf8)
    }

    /// Reads `150.000`, `Rp150.000`, `150000`, or several amounts with their ends.
    static func amounts(_ text: String) throws(AmountsTextFault) -> DatedAmounts {
        try DatedAmounts(text: text, amounts: .indonesian)
    }

    /// Writes texts as fields of the API. An empty text clears a value. A text that is no amount is
    /// written as it is, for the API to refuse.
    static func write(_ texts: [BillField: String], to body: inout JSONWriter) {
        if let text = texts[.code] {
            body.field("payment_code", PaymentCode(written: text)?.digits ?? text)
        }
        if let text = texts[.invoice] { body.field("invoice_number", text) }
        if let text = texts[.amount] {
            let amounts = try? Self.amounts(text)
            if let amounts, amounts.isDated {
                amounts.write(to: &body)
            } else if let amounts {
                body.field("amount", amounts.last.whole)
            } else {
                body.field("amount", text)
            }
        }
        func write(_ name: StaticString, _ field: BillField, to body: inout JSONWriter) {
            guard let text = texts[field] else { return }
            body.field(name, text.isEmpty ? nil : text)
        }
        write("expires_at", .expires, to: &body)
        write("info", .info, to: &body)
        write("due_at", .due, to: &body)
        guard texts[.name] != nil || texts[.email] != nil else { return }
        body.object("customer") {
            if let text = texts[.name] { $0.field("name", text) }
            write("email", .email, to: &$0)
        }
    }
}
