// The payment notification of DOKU's Online to Offline, and Check Status' answer, which has the
// same shape. Read tolerantly: a field that is missing or odd costs that field and no more, for
// behind each of these bodies there may be money.

import LoketCore

package struct O2ONotification: Sendable {
    private static let success = "success"

    /// `transaction.status` as sent; nil where there is none.
    package let status: String?
    package let reading: Reading

    /// - Parameters:
    ///   - source: how the body came to us.
    ///   - asked: the number that Check Status was asked about; it stands in for one that the
    ///     answer leaves out.
    package init(_ body: [UInt8], source: Receipt.Source, asked: String? = nil) {
        guard let root = try? StrictJSON(body, depthMax: Limits.notificationDepthMax).root else {
            status = nil
            reading = .unreadable(nil)
            return
        }
        var receipt = Self.receipt(root, source)
        receipt.invoiceNumber = receipt.invoiceNumber ?? asked
        status = root["transaction"]?["status"]?.string
        guard let status else {
            reading = .unreadable(receipt)
            return
        }
        guard status.lowercased() == Self.success else {
            reading = .notSuccess(receipt)
            return
        }
        // Another service's money is foreign whatever of it can be read.
        let isTold = receipt.invoiceNumber != nil && receipt.amount != nil
        reading = isTold || !receipt.isOurService ? .success(receipt) : .unreadable(receipt)
    }

    private static func receipt(_ root: JSONValue, _ source: Receipt.Source) -> Receipt {
        let service = root["service"]?["id"]?.string
        return Receipt(
            source: source,
            isOurService: service.map { $0.utf8.elementsEqual(O2OInquiry.serviceID.utf8) } ?? true,
            invoiceNumber: text(root["order"]?["invoice_number"]),
            amount: root["order"]?["amount"].flatMap(amount),
            codeText: text(root["online_to_offline_info"]?["payment_code"]),
            dateText: root["transaction"]?["date"]?.string,
            identifiers: identifiers(root["online_to_offline_payment"]))
    }

    /// A string that is not empty, or a whole number as it was written.
    private static func text(_ value: JSONValue?) -> String? {
        guard let value else { return nil }
        if let text = value.string { return text.isEmpty ? nil : text }
        let isWhole = value.isNumber && value.rawBytes.allSatisfy(isASCIIDigit)
        return isWhole ? String(decoding: value.rawBytes, as: UTF8.self) : nil
    }

    private static func amount(_ value: JSONValue) -> Rupiah? {
        if let text = value.string { return Rupiah(decimal: text.utf8) }
        return value.isNumber ? Rupiah(decimal: value.rawBytes) : nil
    }

    /// `identifier`, or `identifer` as one of DOKU's pages spells it.
    private static func identifiers(_ payment: JSONValue?) -> [Receipt.Identifier] {
        let list = payment?["identifier"] ?? payment?["identifer"]
        return (list?.elements ?? []).prefix(Limits.identifiersMax).compactMap { element in
            guard let name = element["name"]?.string, let value = text(element["value"]) else {
                return nil
            }
            return Receipt.Identifier(name: name, value: value)
        }
    }
}
