// A row of an import, which may become a bill. Rows are copied between files as SQLite values, so
// that a million rows are not converted to Swift values in between.

import GRDB
import LoketCore

package struct StagedRow: Sendable {
    /// The effect of a row, as numbered in the staging file.
    enum Outcome: Int64, Sendable {
        case new, changed, unchanged, skipped, refused
    }

    /// The line in the file, from 1.
    package let line: Int64
    package let accountID: Int64
    package let draft: BillDraft
    package let given: GivenFields

    package init(line: Int64, accountID: Int64, draft: BillDraft, given: GivenFields) {
        self.line = line
        self.accountID = accountID
        self.draft = draft
        self.given = given
    }
}

/// A note on a row, or on the whole file.
package struct ImportNote: Sendable, Equatable {
    package enum Outcome: String, CaseIterable, Sendable {
        case changed, skipped, refused
        /// Values were read in another form, as `clean_codes` or `clean_spaces` declare.
        case cleaned
        /// The bill changed between the comparison and the applying.
        case overtaken
        /// Money arrived before the bill was created: a single-use bill is held, a reusable bill is
        /// not.
        case held, flagged
        /// Undoing the import left the bill unchanged.
        case kept
    }

    /// The line in the file, from 1; nil for a note about a bill.
    package let line: Int64?
    package let column: String?
    /// The text in the file.
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

/// A cursor over staged rows, valid inside `ImportStage.walk` only.
struct StagedRowCursor {
    private let statement: RawStatement

    // The indexes of the columns after the bill's columns.
    private static let metadata = BillRow.checksum + 1
    private static let given = metadata + 1
    private static let outcome = metadata + 2
    private static let suffixed = metadata + 3

    init(
        after line: Int64, outcomes: [StagedRow.Outcome], limit: Int, in database: Database
    ) throws {
        let words = outcomes.map { String($0.rawValue) }.joined(separator: ",")
        statement = try RawStatement(
            """
            SELECT line, \(BillRow.content), 'open', NULL, checksum, metadata, given, outcome,
                EXISTS (SELECT 1 FROM suffixed WHERE suffixed.line = row.line)
            FROM row WHERE line > ?1 AND outcome IN (\(words)) ORDER BY line LIMIT ?2
            """,
            on: database.sqliteConnection)
        statement.bind(line, at: 1)
        statement.bind(Int64(limit), at: 2)
    }

    /// Steps to the next row; returns false after the last.
    func next() throws -> Bool { try statement.step() }

    // MARK: The row

    var line: Int64 { statement.integer(0) ?? 0 }
    var expiresAt: Int64? { statement.integer(6) }
    var isNew: Bool { statement.integer(Self.outcome) == StagedRow.Outcome.new.rawValue }
    /// Whether the number has an inquiry's form.
    var isSuffixed: Bool { statement.integer(Self.suffixed) != 0 }

    /// Binds the same parameters as `BillRow.bind`.
    func bindBill(to other: RawStatement) {
        var place: Int32 = 1
        for column in 1...BillRow.contentCount {
            other.bind(statement, column: column, at: place)
            place += 1
        }
        other.bind(statement, column: BillRow.checksum, at: place)
        other.bind(statement, column: Self.metadata, at: place + 1)
    }

    /// Binds the account, payment code and invoice number.
    func bindNames(to other: RawStatement) {
        for place in 1...3 { other.bind(statement, column: place, at: Int32(place)) }
    }

    func row() throws -> StagedRow {
        guard let (bill, accountID) = BillRow.asItStands(statement),
            let given = statement.integer(Self.given)
        else { throw StoreFault.sqlite("line \(line) of the file is damaged in the database") }
        return StagedRow(
            line: line, accountID: accountID,
            draft: BillDraft(bill, metadata: statement.text(Self.metadata)),
            given: GivenFields(rawValue: given))
    }
}
