// A row of an import: a bill that could be.

import LoketCore

package struct StagedRow: Sendable {
    /// What a row comes to, as the staging file numbers it.
    enum Outcome: Int64, Sendable {
        case new, changed, unchanged, skipped, refused
    }

    /// Line of the file, from 1.
    package let line: Int64
    package let accountID: Int64
    package let draft: BillDraft
    package let given: OptionalColumns

    package init(line: Int64, accountID: Int64, draft: BillDraft, given: OptionalColumns) {
        self.line = line
        self.accountID = accountID
        self.draft = draft
        self.given = given
    }
}

/// Something to tell of a row, or of the whole file.
package struct ImportNote: Sendable, Equatable {
    package enum Outcome: String, CaseIterable, Sendable {
        case changed, skipped, refused
        /// Something happened to the bill between the comparison and now.
        case overtaken
        /// Money came before the bill: a single-use one is held, a reusable one is not.
        case held, flagged
        /// An undoing leaves the bill as it is.
        case kept
    }

    /// Line of the file, from 1; nil where it is about a bill.
    package let line: Int64?
    package let column: String?
    /// As it stands in the file.
    package let value: String?
    package let outcome: Outcome
    package let invoiceNumber: String?
    package let reason: String

    package init(
        line: Int64?, column: String? = nil, value: String? = nil, outcome: Outcome,
        invoiceNumber: String? = nil, reason: String
    ) {
        self.line = line
        self.column = column
        self.value = value
        self.outcome = outcome
        self.invoiceNumber = invoiceNumber
        self.reason = reason
    }
}
