// Writes bills as a file that BillFileReader can read: CSV with the columns of an import, or one
// object per line. A spreadsheet that opens the CSV does not execute any cell as a formula.

import LoketCore
import LoketJSON

package struct BillFileWriter: Sendable {
    private let format: BillFileFormat
    private let now: Moment

    /// - Parameter now: the time whose amount is written for bills with dated amounts.
    package init(format: BillFileFormat, now: Moment) {
        self.format = format
        self.now = now
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
        case .csv: writeRow(bill, to: &bytes)
        case .ndjson: writeObject(bill, to: &bytes)
        }
    }
}

// MARK: CSV

extension BillFileWriter {
    private func writeRow(_ bill: BillDraft, to bytes: inout [UInt8]) {
        for (place, column) in BillColumn.allCases.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            Self.writeCell(text(column, of: bill), to: &bytes)
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    private func text(_ column: BillColumn, of bill: BillDraft) -> String {
        switch column {
        case .paymentCode: bill.paymentCode.digits
        case .invoiceNumber: bill.invoiceNumber.text
        case .amount: "\(bill.amounts.amount(at: now))"
        case .amounts: bill.amounts.isDated ? Self.steps(bill.amounts) : ""
        case .reusable: bill.reusable ? "true" : "false"
        case .validFrom: bill.validFrom?.exactUTCText ?? ""
        case .expiresAt: bill.expiresAt?.exactUTCText ?? ""
        case .dueAt: bill.dueAt?.exactUTCText ?? ""
        case .customerName: bill.customerName
        case .customerEmail: bill.customerEmail ?? ""
        case .info: bill.info ?? ""
        }
    }

    private static func steps(_ amounts: DatedAmounts) -> String {
        (amounts.steps.map { "\($0.until.exactUTCText)=\($0.amount)" } + ["\(amounts.last)"])
            .joined(separator: ";")
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
    private func writeObject(_ bill: BillDraft, to bytes: inout [UInt8]) {
        var writer = JSONWriter()
        writer.object { object in
            object.field("payment_code", bill.paymentCode.digits)
            object.field("invoice_number", bill.invoiceNumber.text)
            object.field("amount", bill.amounts.amount(at: now).whole)
            bill.amounts.write(to: &object)
            object.field("reusable", bill.reusable)
            object.field("valid_from", bill.validFrom?.exactUTCText)
            object.field("expires_at", bill.expiresAt?.exactUTCText)
            object.field("due_at", bill.dueAt?.exactUTCText)
            object.field("customer_name", bill.customerName)
            object.field("customer_email", bill.customerEmail)
            object.field("info", bill.info)
            if let metadata = bill.metadata { object.field("metadata", json: metadata.utf8) }
        }
        bytes.append(contentsOf: writer.bytes)
        bytes.append(UInt8(ascii: "\n"))
    }
}
