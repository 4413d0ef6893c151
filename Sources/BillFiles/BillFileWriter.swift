// Writes bills as a file that BillFileReader can read: CSV with the columns of an import, or one
// object per line. A spreadsheet that opens the CSV does not execute any cell as a formula.

import LoketCore
import LoketJSON

package struct BillFileWriter: Sendable {
    private let format: BillFileFormat
    private let now: Moment
    private let dates: DateFormat

    /// - Parameters:
    ///   - now: the time whose amount is written for bills with dated amounts.
    ///   - dates: with `dmy`, only the day of a time is written.
    package init(format: BillFileFormat, now: Moment, dates: DateFormat = .iso) {
        self.format = format
        self.now = now
        self.dates = dates
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
        CSVLine.append(BillColumn.allCases.map { text($0, of: bill) }, to: &bytes)
    }

    /// Returns the cell of a column, also of a numbered one; empty if the bill has no such value.
    func text(_ column: CSVColumn, of bill: BillDraft) -> String {
        switch column {
        case .field(let column): text(column, of: bill)
        case .step(let column): text(column, of: bill.amounts)
        }
    }

    private func text(_ column: StepColumn, of amounts: DatedAmounts) -> String {
        let place = column.number - 1
        guard place < amounts.steps.count else {
            let isLast = place == amounts.steps.count && column.kind == .amount
            return isLast ? "\(amounts.last)" : ""
        }
        let step = amounts.steps[place]
        return column.kind == .amount ? "\(step.amount)" : time(step.until)
    }

    private func text(_ column: BillColumn, of bill: BillDraft) -> String {
        switch column {
        case .paymentCode: bill.paymentCode.digits
        case .invoiceNumber: bill.invoiceNumber.text
        case .amount: "\(bill.amounts.amount(at: now))"
        case .amounts: bill.amounts.isDated ? steps(bill.amounts) : ""
        case .reusable: bill.reusable ? "true" : "false"
        case .validFrom: bill.validFrom.map(time) ?? ""
        case .expiresAt: bill.expiresAt.map(time) ?? ""
        case .dueAt: bill.dueAt.map(time) ?? ""
        case .customerName: bill.customerName
        case .customerEmail: bill.customerEmail ?? ""
        case .info: bill.info ?? ""
        }
    }

    private func time(_ moment: Moment) -> String {
        guard dates == .dmy else { return moment.exactUTCText }
        let parts = moment.wibText.prefix(10).split(separator: "-")
        return parts.reversed().joined(separator: "/")
    }

    private func steps(_ amounts: DatedAmounts) -> String {
        (amounts.steps.map { "\(time($0.until))=\($0.amount)" } + ["\(amounts.last)"])
            .joined(separator: ";")
    }
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
