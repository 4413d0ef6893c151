// Builds a bill from its cells, one by one, and collects all faults of the cells.

import LoketCore

struct BillRowReader: ~Copyable {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    let forms: ValueForms
    /// Whether the text may be a spreadsheet's, in which `=A1` is not a name.
    let isFromSpreadsheet: Bool

    var code: PaymentCode?
    var number: InvoiceNumber?
    var amount: Rupiah?
    /// The value of the column `amounts`.
    var amounts: DatedAmounts?
    var reusable = false
    var validFrom: Moment?
    var expiresAt: Moment?
    var dueAt: Moment?
    var customerName: String?
    var customerEmail: String?
    var info: String?
    var metadata: String?
    /// The optional fields that the row contains, even if empty.
    var given: GivenFields = []
    /// Whether the row may have dated amounts, so that `amount` may be empty.
    var hasSteps = false
    private var stepAmounts: [Int: Rupiah] = [:]
    private var stepEnds: [Int: Moment] = [:]
    var faults: [RowFault] = []
    /// The values that an option changed; of a refused row none counts.
    private var changes: [ValueChange] = []

    init(forms: ValueForms, isFromSpreadsheet: Bool) {
        self.forms = forms
        self.isFromSpreadsheet = isFromSpreadsheet
    }

    mutating func refuse(_ column: String?, _ value: Bytes?, _ reason: String) {
        faults.append(RowFault(column: column, value: value.map { shownValue($0) }, reason: reason))
    }

    /// Records that a value was read in another form.
    mutating func note(_ option: String, _ column: String, _ cell: Bytes, _ result: String) {
        changes.append(
            ValueChange(
                option: option, column: column, value: shownValue(cell),
                result: shownValue(Array(result.utf8))))
    }

    /// - Parameter cell: the cell in UTF-8; an empty cell means "none" in an optional column.
    mutating func read(_ column: BillColumn, _ cell: Bytes) {
        do throws(Misreading) {
            guard !cell.isEmpty else {
                if BillColumn.required.contains(column), !(column == .amount && hasSteps) {
                    throw Misreading(reason: "is empty, but every bill needs this field")
                }
                return
            }
            switch column {
            case .paymentCode:
                code = forms.cleansCodes ? try cleanedCode(cell) : try Self.code(cell)
            case .invoiceNumber:
                number = forms.cleansCodes ? try cleanedInvoice(cell) : try invoice(cell)
            case .amount: amount = try forms.amounts.amount(of: cell)
            case .amounts: amounts = try AmountSteps.read(cell, forms)
            case .reusable: reusable = try Self.flag(cell)
            case .validFrom: validFrom = try ExpiryText.beginning(cell, forms.dates)
            case .expiresAt: expiresAt = try ExpiryText.moment(cell, forms.dates)
            case .dueAt: dueAt = try ExpiryText.moment(cell, forms.dates)
            case .customerName: customerName = try text(cell, max: Limits.customerNameMax)
            case .customerEmail: customerEmail = try email(cell)
            case .info: info = try text(cell, max: Limits.infoMax)
            }
        } catch {
            refuse(column.name, cell, error.reason)
        }
    }

    /// Reads a numbered column; an empty cell means that the row has fewer amounts.
    mutating func read(_ column: StepColumn, _ cell: Bytes) {
        guard !cell.isEmpty else { return }
        do throws(Misreading) {
            switch column.kind {
            case .amount: stepAmounts[column.number] = try forms.amounts.amount(of: cell)
            case .until: stepEnds[column.number] = try ExpiryText.moment(cell, forms.dates)
            }
        } catch {
            refuse(column.name, cell, error.reason)
        }
    }

    /// - Parameter line: the line on which the row begins.
    consuming func row(line: Int) -> ImportRow {
        let figures = amountsAreReadable ? allAmounts() : amount.map { DatedAmounts($0) }
        guard faults.isEmpty, let code, let number, let figures, let customerName else {
            let rest = ImportRow.Rest(
                code: code, number: number, amounts: figures, reusable: reusable)
            return ImportRow(line: line, reading: .refused(faults, rest: rest))
        }
        let draft = BillDraft(
            paymentCode: code, invoiceNumber: number, amounts: figures, reusable: reusable,
            validFrom: validFrom, expiresAt: expiresAt, dueAt: dueAt, customerName: customerName,
            customerEmail: customerEmail, info: info, metadata: metadata)
        if let fault = Bill(draft).validFromFault {
            refuse(BillColumn.validFrom.name, nil, fault)
            let rest = ImportRow.Rest(
                code: code, number: number, amounts: figures, reusable: reusable)
            return ImportRow(line: line, reading: .refused(faults, rest: rest))
        }
        return ImportRow(line: line, reading: .bill(draft, given: given), changes: changes)
    }

    /// Whether no fault concerns an amount, the end of an amount, or the whole row.
    private var amountsAreReadable: Bool {
        faults.allSatisfy { fault in
            fault.column.map { !$0.hasPrefix("amount") && !$0.hasPrefix("until_") } ?? false
        }
    }

    /// Returns the amounts of the row, from whichever of its columns has them.
    private mutating func allAmounts() -> DatedAmounts? {
        var dated = amounts
        do throws(StepFault) {
            if let numbered = try AmountSteps.build(amounts: stepAmounts, ends: stepEnds) {
                if dated != nil {
                    refuse(
                        StepColumn(.amount, 1).name, nil,
                        "must be empty if the row has `amounts`: give the amounts once")
                }
                dated = numbered
            }
        } catch {
            refuse(error.column, nil, error.reason)
            return nil
        }
        guard let dated else {
            if amount == nil, hasSteps {
                refuse(BillColumn.amount.name, nil, "is empty, and the row has no dated amounts")
            }
            return amount.map { DatedAmounts($0) }
        }
        if let amount, !dated.contains(amount) {
            refuse(BillColumn.amount.name, nil, "is not one of the row's dated amounts")
        }
        return dated
    }
}

// MARK: Values

extension BillRowReader {
    static func code(_ cell: Bytes) throws(Misreading) -> PaymentCode {
        if let code = PaymentCode(String(decoding: cell, as: UTF8.self)) { return code }
        if cell.allSatisfy(isASCIIDigit) {
            throw Misreading(
                reason: "has \(cell.count) digits, but a payment code has at most "
                    + "\(Limits.paymentCodeDigitsMax)")
        }
        throw Misreading(
            reason: SpreadsheetDamage.ofNumber(cell) ?? SpreadsheetDamage.fraction(cell)
                ?? "must be 1 to \(Limits.paymentCodeDigitsMax) digits and nothing else")
    }

    func invoice(_ cell: Bytes) throws(Misreading) -> InvoiceNumber {
        if isFromSpreadsheet, let text = FormulaGuard.text(in: cell),
            let number = InvoiceNumber(String(decoding: text, as: UTF8.self))
        {
            return number
        }
        if let number = InvoiceNumber(String(decoding: cell, as: UTF8.self)) {
            if isFromSpreadsheet,
                let damage = SpreadsheetDamage.certain(cell)
                    ?? SpreadsheetDamage.lostNumber(cell)
            {
                throw Misreading(reason: damage)
            }
            return number
        }
        if cell.allSatisfy(isVisibleASCII) {
            throw Misreading(
                reason: "has \(cell.count) characters; at most "
                    + "\(Limits.invoiceNumberMax) are allowed")
        }
        throw Misreading(
            reason: SpreadsheetDamage.ofNumber(cell)
                ?? "must be 1 to \(Limits.invoiceNumberMax) visible ASCII characters, no spaces")
    }

    func text(_ cell: Bytes, max: Int) throws(Misreading) -> String {
        let text = try undamaged(cell)
        do { return try PrintableText.line(text, max: max) } catch { throw Misreading(error) }
    }

    func email(_ cell: Bytes) throws(Misreading) -> String {
        let text = try undamaged(cell)
        do { return try PrintableText.email(text) } catch { throw Misreading(error) }
    }

    /// Returns the text without the apostrophe that FormulaGuard may have added in a CSV.
    private func undamaged(_ cell: Bytes) throws(Misreading) -> String {
        let guarded = isFromSpreadsheet ? FormulaGuard.text(in: cell) : nil
        if isFromSpreadsheet, guarded == nil, let damage = SpreadsheetDamage.ofText(cell) {
            throw Misreading(reason: damage)
        }
        return String(decoding: guarded ?? cell, as: UTF8.self)
    }

    private static func flag(_ cell: Bytes) throws(Misreading) -> Bool {
        switch cell.count {
        case 1 where cell[0] == UInt8(ascii: "1"): return true
        case 1 where cell[0] == UInt8(ascii: "0"): return false
        case 2 where isWord(cell, "ya"): return true
        case 2 where isWord(cell, "no"): return false
        case 3 where isWord(cell, "yes"): return true
        case 4 where isWord(cell, "true"): return true
        case 5 where isWord(cell, "false") || isWord(cell, "tidak"): return false
        default: break
        }
        throw Misreading(
            reason: SpreadsheetDamage.ofNumber(cell)
                ?? "must be true or false, yes or no, ya or tidak, 1 or 0, or empty")
    }

    /// Compares without case; both must have the same length.
    private static func isWord(_ cell: Bytes, _ word: StaticString) -> Bool {
        // The cases of an ASCII letter differ in this bit; no other byte becomes a letter.
        (0..<word.utf8CodeUnitCount).allSatisfy { cell[$0] | 0x20 == word.utf8Start[$0] }
    }
}
