// The rows and the notes of one chunk of an upload, and the notes on values that were cleaned.

import BillFiles
import LoketCore
import LoketStore

/// The rows of one chunk.
struct ImportUploadBatch: Sendable {
    private(set) var rows: [StagedRow] = []
    private(set) var notes: [ImportNote] = []
    private(set) var count: Int64 = 0
    private(set) var refused: Int64 = 0
    /// The rows that are no bills of an account.
    private(set) var unfit: [UnfitRow] = []
    var badRows: [BadRow] = []

    struct UnfitRow: Sendable {
        enum Content: Sendable {
            case cells([String])
            case bill(BillDraft, given: GivenFields)
        }

        let line: Int
        /// Nil if no account was found.
        let accountID: Int64?
        let number: InvoiceNumber?
        let content: Content
    }

    /// - Returns: true if the row is a bill of an account.
    mutating func add(_ row: ImportRow, in placement: BillRules, clientID: String?) -> Bool {
        if case .skipped(let text) = row.reading {
            skip(row.line, text)
            return false
        }
        count += 1
        switch row.reading {
        case .skipped: break
        case .bill(let draft, let given):
            let place = placement.place(of: draft, clientID: clientID)
            if let accountID = place.accountID, place.misfits.isEmpty {
                rows.append(
                    StagedRow(
                        line: Int64(row.line), accountID: accountID, draft: draft, given: given))
                return true
            }
            unfit.append(
                UnfitRow(
                    line: row.line, accountID: place.accountID, number: draft.invoiceNumber,
                    content: .bill(draft, given: given)))
            let rest = ImportRow.Rest(
                code: draft.paymentCode, number: draft.invoiceNumber, amounts: draft.amounts,
                reusable: draft.reusable)
            refuse(
                row.line, rest.faults(place, in: placement), number: draft.invoiceNumber.text)
        case .refused(let faults, let rest):
            let place = rest.place(in: placement, clientID: clientID)
            unfit.append(
                UnfitRow(
                    line: row.line, accountID: place?.accountID, number: rest.number,
                    content: .cells(row.cells)))
            let more = place.map { rest.faults($0, in: placement) } ?? []
            refuse(row.line, faults + more, number: nil)
        }
        return false
    }

    mutating func add(_ more: [ImportNote]) { notes += more }

    private mutating func skip(_ line: Int, _ text: String) {
        notes.append(
            ImportNote(
                line: Int64(line), value: shownValue(Array(text.utf8)), outcome: .skipped,
                reason: "the row begins with a text of skip_rows, so it is not read as a bill"))
    }

    private mutating func refuse(_ line: Int, _ faults: [RowFault], number: String?) {
        refused += 1
        for fault in faults {
            notes.append(
                ImportNote(
                    line: Int64(line), column: fault.column, value: fault.value,
                    outcome: .refused, invoiceNumber: number, reason: fault.reason))
        }
    }

    mutating func refuse(_ fault: FileFault) {
        refused += 1
        notes.append(
            ImportNote(
                line: fault.line.map(Int64.init), column: fault.column, value: fault.value,
                outcome: .refused, reason: fault.reason))
    }
}

/// The values that options changed, counted by option and column: one note for each, since a list
/// from a program may have spaces in every row.
struct CleanedValues {
    private struct Kind: Hashable {
        let option: String
        let column: String
    }

    /// The columns whose values are a customer's data.
    private static let personal = Set(
        [BillColumn.customerName, .customerEmail, .info].map(\.name))

    private var places: [Kind: Int] = [:]
    private var found: [(line: Int, first: ValueChange, rows: Int64)] = []

    mutating func add(_ change: ValueChange, line: Int) {
        let kind = Kind(option: change.option, column: change.column)
        if let place = places[kind] {
            found[place].rows += 1
        } else {
            places[kind] = found.count
            found.append((line, change, 1))
        }
    }

    var notes: [ImportNote] {
        found.map { line, first, rows in
            // Such notes have no customer, with whom they could be forgotten.
            let isPersonal = Self.personal.contains(first.column)
            return ImportNote(
                line: Int64(line), column: first.column, value: isPersonal ? nil : first.value,
                outcome: .cleaned,
                reason: (isPersonal ? "is cleaned" : "is read as \(first.result)")
                    + ", by \(first.option)"
                    + (rows == 1
                        ? ""
                        : "; this column is cleaned in \(rows - 1) more "
                            + (rows == 2 ? "row" : "rows")))
        }
    }
}

extension ImportRow.Rest {
    /// Returns the place of a row with unreadable fields; nil if its code is one of them.
    fileprivate func place(in placement: BillRules, clientID: String?) -> BillRules.Place? {
        let terms = BillRules.Terms(amounts: amounts, number: number, reusable: reusable)
        return code.map { placement.place($0, terms, clientID: clientID) }
    }

    fileprivate func faults(
        _ place: BillRules.Place, in placement: BillRules
    ) -> [RowFault] {
        place.misfits.map { misfit in
            RowFault(
                column: misfit.field, value: text(of: misfit.field),
                reason: misfit.detail + placement.lostZeros(in: code, at: misfit.field))
        }
    }

    /// Returns the value of a column that a `BillRuleViolation` may name.
    private func text(of column: String) -> String? {
        switch column {
        case "payment_code": code?.digits
        case "invoice_number": number?.text
        case "amount": amounts.map { "\($0.last)" }
        default: nil
        }
    }
}
