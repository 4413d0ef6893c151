// One row of a bill file after reading: the draft of a bill, or the row's faults.

import LoketCore

package struct ImportRow: Sendable {
    /// The line in the file, from 1, on which the row begins.
    package let line: Int
    package let reading: Reading
    /// The values that `clean_codes` and `clean_spaces` changed.
    package let changes: [ValueChange]
    /// The cells of a refused row as the file has them; of JSON, the object. Empty for other rows.
    package internal(set) var cells: [String] = []

    package enum Reading: Sendable {
        /// A valid row: the bill and the optional fields present.
        case bill(BillDraft, given: GivenFields)
        /// A faulty row: all faults in the order of the file, and the readable values.
        case refused([RowFault], rest: Rest)
        /// A row that `skip_rows` names, with the text of its first cell.
        case skipped(String)
    }

    /// The readable values of a faulty row that the rules of its BIN apply to.
    package struct Rest: Sendable {
        package let code: PaymentCode?
        package let number: InvoiceNumber?
        package let amounts: DatedAmounts?
        package let reusable: Bool

        package init(
            code: PaymentCode?, number: InvoiceNumber?, amounts: DatedAmounts?, reusable: Bool
        ) {
            self.code = code
            self.number = number
            self.amounts = amounts
            self.reusable = reusable
        }
    }

    package init(line: Int, reading: Reading, changes: [ValueChange] = []) {
        self.line = line
        self.reading = reading
        self.changes = changes
    }
}

/// A fault of one value or of a row.
package struct RowFault: Error, Sendable, Equatable {
    /// The name of the column (`BillColumn.name`); nil if the whole row is wrong.
    package let column: String?
    /// The value in the file, truncated to 64 characters.
    package let value: String?
    /// The fault and its remedy.
    package let reason: String

    package init(column: String?, value: String?, reason: String) {
        self.column = column
        self.value = value
        self.reason = reason
    }
}

/// A value that was read in another form than the file has it in.
package struct ValueChange: Sendable, Equatable {
    /// The option that asked for it, `clean_codes` or `clean_spaces`.
    package let option: String
    /// The name of the column.
    package let column: String
    /// The values in the file and as read, each truncated to 64 characters.
    package let value: String
    package let result: String
}
