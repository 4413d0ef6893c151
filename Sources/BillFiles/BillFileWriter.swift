// Writes bills as a file that BillFileReader can read: CSV with the columns of an import, or one
// object per line. A spreadsheet that opens the CSV does not execute any cell as a formula.

import LoketCore
import LoketJSON

package struct BillFileWriter: Sendable {
    private let format: BillFileFormat

    package init(format: BillFileFormat) {
        self.format = format
    }

    /// The bytes before the first bill: the header line of CSV.
    package var opening: [UInt8] {
        switch format {
        case .csv: Array((BillColumn.allCases.map(\.name).joined(separator: ",") + "\r\n").utf8)
        case .ndjson: []
        }
    }

    /// Appends one bill with its line end. CSV has no column for `metadata` and omits it.
    package func write(_ bill: BillDraft, to bytes: inout [UInt8]) {
        switch format {
        case .csv: Self.writeRow(bill, to: &bytes)
        case .ndjson: Self.writeObject(bill, to: &bytes)
        }
    }
}

// MARK: CSV

extension BillFileWriter {
    private static func writeRow(_ bill: BillDraft, to bytes: inout [UInt8]) {
        for (place, column) in BillColumn.allCases.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            writeCell(text(column, of: bill), to: &bytes)
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    private static func text(_ column: BillColumn, of bill: BillDraft) -> String {
        switch column {
        case .paymentCode: bill.paymentCode.digits
        case .invoiceNumber: bill.invoiceNumber.text
        case .amount: String(bill.amount.whole)
        case .reusable: bill.reusable ? "true" : "false"
        case .expiresAt: bill.expiresAt?.exactUTCText ?? ""
        case .customerName: bill.customerName
        case .customerEmail: bill.customerEmail ?? ""
        case .info: bill.info ?? ""
        }
    }

    private static func writeCell(_ text: String, to bytes: inout [UInt8]) {
        let isRun = FormulaGuard.isNeeded(for: text)
        let needsQuotes =
            text.utf8.contains { marks.contains($0) } || text.utf8.first == 0x20
            || text.utf8.last == 0x20
        guard isRun || needsQuotes else { return bytes.append(contentsOf: text.utf8) }
        if needsQuotes { bytes.append(quote) }
        if isRun { bytes.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(quote) }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let marks = Array(",;\"\r\n".utf8)
}

// MARK: NDJSON

extension BillFileWriter {
    private static func writeObject(_ bill: BillDraft, to bytes: inout [UInt8]) {
        var writer = JSONWriter()
        writer.object { object in
            object.field("payment_code", bill.paymentCode.digits)
            object.field("invoice_number", bill.invoiceNumber.text)
            object.field("amount", bill.amount.whole)
            object.field("reusable", bill.reusable)
            object.field("expires_at", bill.expiresAt?.exactUTCText)
            object.field("customer_name", bill.customerName)
            object.field("customer_email", bill.customerEmail)
            object.field("info", bill.info)
            if let metadata = bill.metadata { object.field("metadata", json: metadata.utf8) }
        }
        bytes.append(contentsOf: writer.bytes)
        bytes.append(UInt8(ascii: "\n"))
    }
}
