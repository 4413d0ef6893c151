// A bill in an admin request. Every wrong field is reported with its pointer; no value is trimmed,
// rounded or repaired.

import BillFiles
import LoketCore
import LoketJSON
import LoketStore

struct BillBody {
    private(set) var faults: [Problem.Fault] = []
    /// Fields of the body that do not exist.
    private(set) var unknown: [Problem.Fault] = []
    /// The readable part of each bill, used to find conflicts with the bills in the database.
    private(set) var parts: [(pointer: String, part: BillPart)] = []
    let placement: BillRules

    static let fields: Set<String> = [
        "account", "payment_code", "bin", "unique_code", "check_digit", "invoice_number", "amount",
        "amounts", "reusable", "valid_from", "expires_at", "due_at", "customer", "info", "metadata",
    ]
    static let customerFields: Set<String> = ["name", "email"]

    init(placement: BillRules) {
        self.placement = placement
    }

    /// - Parameter at: the JSON pointer to the bill; empty if the bill is the whole body.
    /// - Returns: nil if the bill has a fault, which `problem` then reports.
    mutating func read(_ value: JSONValue, at: String) throws -> NewBill? {
        guard value.isObject else {
            add(at, "must be an object")
            return nil
        }
        addUnknown(of: value, Self.fields, at: at)
        if let customer = value["customer"] {
            addUnknown(of: customer, Self.customerFields, at: at + "/customer")
        }
        let before = faults.count
        let code = code(of: value, at: at)
        let number = invoiceNumber(value["invoice_number"], at: at + "/invoice_number")
        let amounts = amounts(of: value, at: at)
        let reusable = flag(value["reusable"], at: at + "/reusable")
        let validFrom = beginning(value["valid_from"], at: at + "/valid_from")
        let expiry = time(value["expires_at"], at: at + "/expires_at")
        let dueAt = time(value["due_at"], at: at + "/due_at")
        let name = text(
            value["customer"]?["name"], max: Limits.customerNameMax, isRequired: true,
            at: at + "/customer/name")
        let email = email(value["customer"]?["email"], at: at + "/customer/email")
        let info = text(value["info"], max: Limits.infoMax, at: at + "/info")
        let metadata = metadata(value["metadata"], at: at + "/metadata")
        let terms = BillRules.Terms(amounts: amounts, number: number, reusable: reusable)
        let place = try place(code, terms, account: value["account"], at: at)
        if let accountID = place?.accountID {
            let part = BillPart(
                accountID: accountID, invoiceNumber: number, paymentCode: code?.given,
                expiresAt: expiry)
            parts.append((at, part))
        }
        guard let code, let number, let amounts, let name, let accountID = place?.accountID,
            faults.count == before
        else { return nil }
        let draft = BillDraft(
            paymentCode: code.digits, invoiceNumber: number, amounts: amounts, reusable: reusable,
            validFrom: validFrom, expiresAt: expiry, dueAt: dueAt, customerName: name,
            customerEmail: email, info: info, metadata: metadata)
        if let fault = Bill(draft).validFromFault {
            add(at + "/valid_from", fault)
            return nil
        }
        return NewBill(accountID: accountID, draft: draft, codes: place?.codes)
    }

    mutating func add(_ pointer: String, _ detail: String) {
        faults.append(Problem.Fault(pointer: pointer, detail: detail))
    }

    mutating func addUnknown(of value: JSONValue, _ known: Set<String>, at: String = "") {
        unknown += value.unknownFields(known, at: at)
    }

    /// All faults, unknown fields first; nil if there are none.
    ///
    /// - Parameter more: further faults.
    func problem(with more: [Problem.Fault] = []) -> Problem? {
        let all = unknown + faults
        guard !all.isEmpty else { return nil }
        return Problem(unknown.isEmpty ? .invalidValue : .unknownField, faults: all + more)
    }
}

// MARK: Fields

extension BillBody {
    private mutating func invoiceNumber(_ value: JSONValue?, at: String) -> InvoiceNumber? {
        guard let number = value?.string.flatMap({ InvoiceNumber($0) }) else {
            add(
                at,
                "must be a string of 1 to \(Limits.invoiceNumberMax) visible ASCII characters")
            return nil
        }
        return number
    }

    mutating func amount(_ value: JSONValue?, at: String) -> Rupiah? {
        guard let amount = value?.integer.flatMap({ Rupiah(whole: $0) }) else {
            add(
                at,
                "must be whole rupiah, a JSON integer from 1 to \(Limits.amountMax), no fraction")
            return nil
        }
        return amount
    }

    /// Reads `amounts`, or `amount` as the plain form. An `amount` next to `amounts`, which the
    /// JSON of a stored bill has, must be one of them.
    mutating func amounts(of value: JSONValue, at: String) -> DatedAmounts? {
        guard let list = value["amounts"].present else {
            return amount(value["amount"], at: at + "/amount").map { DatedAmounts($0) }
        }
        for (index, step) in list.elements.enumerated() {
            addUnknown(of: step, DatedAmounts.fields, at: at + "/amounts/\(index)")
        }
        do throws(AmountsFaults) {
            let amounts = try DatedAmounts(list)
            guard let plain = value["amount"].present else { return amounts }
            guard let plain = amount(plain, at: at + "/amount") else { return nil }
            guard amounts.contains(plain) else {
                add(at + "/amount", "is not one of `amounts`; send `amounts` alone")
                return nil
            }
            return amounts
        } catch {
            for fault in error.all where !fault.isUnknownField {
                add(at + "/amounts" + fault.pointer, fault.reason)
            }
            return nil
        }
    }

    mutating func flag(_ value: JSONValue?, at: String) -> Bool {
        guard let value, !value.isNull else { return false }
        guard let flag = value.bool else {
            add(at, "must be true or false")
            return false
        }
        return flag
    }

    mutating func beginning(_ value: JSONValue?, at: String) -> Moment? {
        guard let value, !value.isNull else { return nil }
        guard let moment = value.string.flatMap({ Moment(rfc3339Beginning: $0) }) else {
            add(
                at,
                "must be RFC 3339 with an offset, or a date, which means the beginning of that day "
                    + "in Jakarta")
            return nil
        }
        return moment
    }

    mutating func time(_ value: JSONValue?, at: String) -> Moment? {
        guard let value, !value.isNull else { return nil }
        guard let moment = value.string.flatMap({ Moment(rfc3339: $0) }) else {
            add(
                at,
                "must be an RFC 3339 time with an offset, or a date, which means the end of that "
                    + "day in Jakarta")
            return nil
        }
        return moment
    }

    mutating func text(
        _ value: JSONValue?, max: Int, isRequired: Bool = false, at: String
    ) -> String? {
        guard let value, isRequired || !value.isNull else {
            if isRequired { add(at, "is missing") }
            return nil
        }
        let text = value.line(max: max)
        if text == nil { add(at, JSONValue.lineRule(max: max)) }
        return text
    }

    mutating func email(_ value: JSONValue?, at: String) -> String? {
        guard let text = text(value, max: Limits.customerEmailMax, at: at) else { return nil }
        let email = try? PrintableText.email(text)
        if email == nil { add(at, "must be an e-mail address") }
        return email
    }

    mutating func metadata(_ value: JSONValue?, at: String) -> String? {
        guard let value, !value.isNull else { return nil }
        let text = value.canonical
        guard value.isObject, text.count <= Limits.metadataBytesMax else {
            add(at, "must be a JSON object of at most \(Limits.metadataBytesMax) bytes")
            return nil
        }
        return String(decoding: text, as: UTF8.self)
    }
}
