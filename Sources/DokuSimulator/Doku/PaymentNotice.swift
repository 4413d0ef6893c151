// The body of a payment notification in DOKU's format, with the variations of real notifications:
// three forms of amounts, the key `identifer`, objects in any order, undocumented objects, and
// invalid JSON in parts that the service does not read.

package struct PaymentNotice: Sendable, Hashable {
    package enum AmountForm: String, CaseIterable, Sendable {
        case integer
        /// `150000.00`
        case decimal
        /// `"150000"`
        case string
    }

    package struct Identifier: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var invoiceNumber: String?
    /// In whole rupiah.
    package var amount: Int64?
    package var paymentCode: String?
    /// The value of `transaction.date` as sent.
    package var date: String?
    package var status: String? = "SUCCESS"
    package var identifiers: [Identifier]
    package var counter = Doku.Counter.alfa
    package var serviceID: String? = "ONLINE_TO_OFFLINE"
    package var originalRequestID: String?
    package var amountForm = AmountForm.integer
    /// Whether the key is `identifer`, as on one of DOKU's pages.
    package var misspellsIdentifier = false
    /// Whether to add an undocumented object.
    package var hasUnknownObject = false
    /// Whether the body starts with a BOM and ends with an additional object that has a duplicate
    /// key, a tab, half of a surrogate pair, a Latin-1 byte and a bare word.
    package var hasOddBytes = false
    /// The number of places by which the objects are rotated, because the order of keys has no
    /// meaning.
    package var rotation = 0

    package init(
        invoiceNumber: String?, amount: Int64?, paymentCode: String?, date: String?,
        agentTransactionID: String? = nil
    ) {
        self.invoiceNumber = invoiceNumber
        self.amount = amount
        self.paymentCode = paymentCode
        self.date = date
        identifiers = [Identifier("AGENT_ID", "ALFAMART"), Identifier("AGENT_STORE_ID", "B071")]
        if let agentTransactionID {
            identifiers.append(Identifier("AGENT_TRX_ID", agentTransactionID))
        }
    }

    package var body: [UInt8] {
        var parts = [
            serviceID.map { #""service":{"id":\#(quoted($0))}"# },
            #""acquirer":{"id":"\#(counter.acquirer)"}"#,
            #""channel":{"id":"\#(counter.channel)"}"#,
            transaction, order,
            paymentCode.map { #""online_to_offline_info":{"payment_code":\#(quoted($0))}"# },
            identifiers.isEmpty ? nil : payment,
            hasUnknownObject ? #""additional_info":{"origin":{"source":"direct"},"n":[1,2]}"# : nil,
        ].compactMap(\.self)
        let turn = rotation % parts.count
        parts = Array(parts[turn...] + parts[..<turn])
        let text = Array("{\(parts.joined(separator: ","))".utf8)
        return hasOddBytes
            ? Self.mark + text + Self.oddObject + [UInt8(ascii: "}")] : text + Array("}".utf8)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let oddObject =
        Array(#","customer":{"name":"Zo"#.utf8) + [0xEB]
        + Array("\",\"name\":\"A\tB\",\"email\":\"\\ud83d\",\"score\":NaN}".utf8)

    private var transaction: String? {
        let fields = [
            status.map { #""status":\#(quoted($0))"# }, date.map { #""date":\#(quoted($0))"# },
            originalRequestID.map { #""original_request_id":\#(quoted($0))"# },
        ].compactMap(\.self)
        return fields.isEmpty ? nil : #""transaction":{\#(fields.joined(separator: ","))}"#
    }

    private var order: String? {
        let fields = [
            invoiceNumber.map { #""invoice_number":\#(quoted($0))"# },
            amount.map { #""amount":\#(amountText($0))"# },
        ].compactMap(\.self)
        return fields.isEmpty ? nil : #""order":{\#(fields.joined(separator: ","))}"#
    }

    private var payment: String {
        let list = identifiers.map {
            #"{"name":\#(quoted($0.name)),"value":\#(quoted($0.value))}"#
        }
        let key = misspellsIdentifier ? "identifer" : "identifier"
        return #""online_to_offline_payment":{"\#(key)":[\#(list.joined(separator: ","))]}"#
    }

    private func amountText(_ amount: Int64) -> String {
        switch amountForm {
        case .integer: "\(amount)"
        case .decimal: "\(amount).00"
        case .string: "\"\(amount)\""
        }
    }

    /// Returns a JSON string. The text must have no control characters.
    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
