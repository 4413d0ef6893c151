// One row of a file of bills, read: a bill that could be, or what is wrong with it.

import LoketCore

package struct ImportRow: Sendable {
    /// Line in the file, from 1, on which the row begins.
    package let line: Int
    package let reading: Reading

    package enum Reading: Sendable {
        /// And the fields that the row gives.
        case bill(BillDraft, given: GivenFields)
        /// Every wrong column, in the order of the file, and what could be read all the same.
        case refused([RowFault], rest: Rest)
    }

    /// Of a refused row, the values that its BIN has rules for.
    package struct Rest: Sendable {
        package let code: PaymentCode?
        package let number: InvoiceNumber?
        package let amount: Rupiah?
        package let reusable: Bool

        package init(
            code: PaymentCode?, number: InvoiceNumber?, amount: Rupiah?, reusable: Bool
        ) {
            self.code = code
            self.number = number
            self.amount = amount
            self.reusable = reusable
        }
    }

    package init(line: Int, reading: Reading) {
        self.line = line
        self.reading = reading
    }
}

/// One wrong value.
package struct RowFault: Error, Sendable, Equatable {
    /// Name of the column in our words; nil where the whole row is wrong.
    package let column: String?
    /// As in the file, cut to 64 characters.
    package let value: String?
    /// What is wrong, and what to do.
    package let reason: String

    package init(column: String?, value: String?, reason: String) {
        self.column = column
        self.value = value
        self.reason = reason
    }
}
