// The payment notification of DOKU's Online to Offline, and the answer of Check Status, which has
// the same format. Each body may report money, so a missing or unused field affects nothing else. A
// used field that is unreliable makes the whole body unreadable, whatever the other fields are: a
// person examines the body, and nothing is guessed.

import LoketCore
import LoketJSON

package struct O2ONotification: Sendable {
    private static let success = "success"

    /// `transaction.status` as sent; nil if absent.
    package let status: String?
    package let reading: DeliveryReading

    /// - Parameters:
    ///   - source: the kind of message that contained the body.
    ///   - asked: the invoice number of a Check Status query, used if the answer has none.
    ///   - reader: the version of the rules for reading.
    package init(
        _ body: [UInt8], source: ReportedPayment.Source, asked: String? = nil,
        reader: ReaderVersion = .current
    ) {
        guard let root = Self.root(of: body, reader) else {
            status = nil
            reading = .unreadable(nil)
            return
        }
        var fields = UsedFields(root)
        status = fields.value("status", of: fields.object("transaction"))?.string
        var receipt = Self.receipt(&fields, source, reader)
        receipt.invoiceNumber = receipt.invoiceNumber ?? asked
        guard let status, fields.areSound else {
            reading = .unreadable(receipt)
            return
        }
        guard Self.isSuccess(status, reader) else {
            reading = .notSuccess(receipt)
            return
        }
        // Another service's payment is foreign, however much of it is readable.
        let isTold = receipt.invoiceNumber != nil && receipt.amount != nil
        reading = isTold || !receipt.isOurService ? .success(receipt) : .unreadable(receipt)
    }

    private static func root(of body: [UInt8], _ reader: ReaderVersion) -> JSONValue? {
        let depthMax = Limits.notificationDepthMax
        return switch reader {
        case .strict: try? StrictJSON(body, depthMax: depthMax).root
        case .tolerant: try? TolerantJSON(body, depthMax: depthMax).root
        }
    }

    private static func isSuccess(_ status: String, _ reader: ReaderVersion) -> Bool {
        switch reader {
        case .strict: status.lowercased() == success
        case .tolerant: TransactionStatus(word: status) == .success
        }
    }

    private static func receipt(
        _ fields: inout UsedFields, _ source: ReportedPayment.Source, _ reader: ReaderVersion
    ) -> ReportedPayment {
        let service = fields.value("id", of: fields.object("service"))?.string
        let order = fields.object("order")
        return ReportedPayment(
            source: source, reader: reader,
            isOurService: service.map { $0.utf8.elementsEqual(O2OInquiry.serviceID.utf8) } ?? true,
            invoiceNumber: fields.value("invoice_number", of: order).flatMap(text),
            amount: fields.value("amount", of: order).flatMap(amount),
            codeText: fields.value("payment_code", of: fields.object("online_to_offline_info"))
                .flatMap(text),
            dateText: fields.value("date", of: fields.object("transaction"))?.string,
            channelID: channelID(fields), identifiers: identifiers(&fields))
    }

    /// Reads `channel.id`. Nothing is decided by it, so a fault there makes no body unreadable.
    private static func channelID(_ fields: UsedFields) -> String? {
        var aside = fields
        return aside.value("id", of: aside.object("channel"))?.string
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Returns a non-empty string, or the digits of a whole number as written.
    private static func text(_ value: JSONValue) -> String? {
        if let text = value.string { return text.isEmpty ? nil : text }
        let isWhole = value.isNumber && value.rawBytes.allSatisfy(isASCIIDigit)
        return isWhole ? String(decoding: value.rawBytes, as: UTF8.self) : nil
    }

    private static func amount(_ value: JSONValue) -> Rupiah? {
        if let text = value.string { return Rupiah(decimal: text.utf8) }
        return value.isNumber ? Rupiah(decimal: value.rawBytes) : nil
    }

    /// Reads `identifier`, or `identifer`, the spelling on one of DOKU's pages.
    private static func identifiers(_ fields: inout UsedFields) -> [ReportedPayment.Identifier] {
        let payment = fields.object("online_to_offline_payment")
        let list = fields.value("identifier", of: payment) ?? fields.value("identifer", of: payment)
        var identifiers: [ReportedPayment.Identifier] = []
        for element in (list?.elements ?? []).prefix(Limits.identifiersMax) {
            let name = fields.value("name", of: element)?.string
            let value = fields.value("value", of: element).flatMap(text)
            guard let name, let value else { continue }
            identifiers.append(ReportedPayment.Identifier(name: name, value: value))
        }
        return identifiers
    }
}
