// An edit of a bill in an admin request: a JSON Merge Patch (RFC 7396) of the fields that may
// change while the bill is open. An absent field keeps its value; null clears an optional field.

import LoketCore
import LoketJSON
import LoketStore

extension BillBody {
    static let editFields: Set<String> = [
        "amount", "amounts", "valid_from", "expires_at", "due_at", "info", "customer", "metadata",
    ]

    /// - Parameter record: the bill to edit.
    /// - Returns: the readable part of the edit; `problem` reports its faults.
    mutating func readEdit(_ value: JSONValue, of record: BillRecord) throws -> BillEdit {
        guard value.isObject else {
            throw Problem(.invalidValue, "send a JSON object with the fields to change")
        }
        addUnknown(of: value, Self.editFields)
        var edit = BillEdit()
        if value["amount"] != nil || value["amounts"].present != nil {
            edit.amounts = amounts(of: value, at: "")
        } else if value["amounts"] != nil {
            add("/amounts", "is null: send `amount` for a bill with one amount")
        }
        if let value = value["valid_from"] {
            edit.validFrom = .some(beginning(value, at: "/valid_from"))
        }
        if let value = value["expires_at"] {
            edit.expiresAt = .some(time(value, at: "/expires_at"))
        }
        if let value = value["due_at"] { edit.dueAt = .some(time(value, at: "/due_at")) }
        if let value = value["info"] {
            edit.info = .some(text(value, max: Limits.infoMax, at: "/info"))
        }
        if let value = value["customer"] { readCustomer(value, into: &edit) }
        if let value = value["metadata"] {
            edit.metadata = .some(merged(value, into: record.metadata))
        }
        return edit
    }

    private mutating func readCustomer(_ value: JSONValue, into edit: inout BillEdit) {
        guard value.isObject else {
            add("/customer", "must be an object; a bill always has a customer")
            return
        }
        addUnknown(of: value, Self.customerFields, at: "/customer")
        if let name = value["name"] {
            edit.customerName = text(
                name, max: Limits.customerNameMax, isRequired: true, at: "/customer/name")
        }
        if let address = value["email"] {
            edit.customerEmail = .some(email(address, at: "/customer/email"))
        }
    }

    private mutating func merged(_ patch: JSONValue, into metadata: String?) -> String? {
        if patch.isNull { return nil }
        let old = metadata.flatMap { try? StrictJSON(Array($0.utf8)).root }
        guard let document = try? StrictJSON(MergePatch.apply(patch, to: old)) else {
            add("/metadata", "cannot be merged")
            return nil
        }
        return self.metadata(document.root, at: "/metadata")
    }

    /// Checks the edit's amounts against the BIN's limits, its expiry against the clock, and its
    /// times against each other.
    mutating func judge(_ edit: BillEdit, of record: BillRecord, now: Moment) {
        let bill = record.bill
        if let amounts = edit.amounts {
            let terms = BillRules.Terms(
                amounts: amounts, number: bill.invoiceNumber, reusable: bill.reusable)
            let misfits = placement.judge(
                terms, of: bill.paymentCode, accountID: record.accountID)
            for misfit in misfits where misfit.field != "invoice_number" {
                add("/" + misfit.field, misfit.detail)
            }
            if misfits.contains(where: { $0.field == "invoice_number" }) {
                add(
                    "/amounts",
                    "need an invoice number of at most \(InvoiceNumber.ownMaxWhereSuffixed) "
                        + "characters, because every inquiry adds a suffix to it")
            }
        }
        if let fault = edit.applied(to: record).bill.validFromFault {
            let field =
                edit.validFrom != nil
                ? "/valid_from" : edit.amounts != nil ? "/amounts" : "/expires_at"
            add(field, "the bill's `valid_from` \(fault)")
        }
        if let expiresAt = edit.expiresAt ?? nil, expiresAt <= now {
            add("/expires_at", "is in the past")
        }
    }
}

/// JSON Merge Patch (RFC 7396) of a document whose fields the merchant defines: a bill's metadata.
enum MergePatch {
    /// - Parameter target: the document to change; nil if none exists.
    /// - Returns: minified JSON.
    static func apply(_ patch: JSONValue, to target: JSONValue?) -> [UInt8] {
        guard patch.isObject else { return patch.minified }
        let before = target?.isObject == true ? target?.members ?? [] : []
        let (changes, known) = (byName(patch.members), byName(before))
        // Members keep their order, so that a patch that changes nothing returns the same bytes.
        var parts = before.compactMap { member -> [UInt8]? in
            guard let change = changes[Array(member.name.utf8)] else {
                return text(member.name, member.value.minified)
            }
            return change.isNull ? nil : text(member.name, apply(change, to: member.value))
        }
        for change in patch.members where !change.value.isNull {
            guard known[Array(change.name.utf8)] == nil else { continue }
            parts.append(text(change.name, apply(change.value, to: nil)))
        }
        let comma = [UInt8(ascii: ",")]
        return [UInt8(ascii: "{")] + Array(parts.joined(separator: comma)) + [UInt8(ascii: "}")]
    }

    /// Indexes members by the bytes of their names: `String` treats two encodings of é as equal.
    private static func byName(
        _ members: [(name: String, value: JSONValue)]
    ) -> [[UInt8]: JSONValue] {
        Dictionary(
            members.map { (Array($0.name.utf8), $0.value) }, uniquingKeysWith: { first, _ in first }
        )
    }

    private static func text(_ name: String, _ value: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(name)
        return writer.bytes + [UInt8(ascii: ":")] + value
    }
}
