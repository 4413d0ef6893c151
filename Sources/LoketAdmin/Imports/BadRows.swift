// The rows of an upload that are kept because they are no bills of an account, up to a limit, with the
// header of the file.

import BillFiles
import LoketCore
import LoketStore

struct BadRows {
    private var count = 0
    private var bytes = 0
    private var hasHeader = false
    /// Whether a row was left out, after which none is kept: the kept rows are the first ones.
    private var isFull = false

    /// Returns the rows to keep of a batch.
    mutating func kept(
        of rows: [ImportUploadBatch.UnfitRow], _ header: FileHeader?, _ options: FileOptions
    ) -> [BadRow] {
        guard let header else { return [] }
        var kept: [BadRow] = []
        if !hasHeader {
            // The comparison can refuse rows too, so every file needs its header.
            kept.append(
                BadRow(line: 0, accountID: nil, invoiceNumber: nil, cells: header.json))
            hasHeader = true
        }
        for row in rows where !isFull {
            let cells =
                switch row.content {
                case .cells(let cells): cells
                case .bill(let draft, let given):
                    header.cells(of: draft, given: given, options, now: .now)
                }
            let text = FileHeader.json(of: cells)
            isFull =
                count == Limits.importBadRowsMax
                || bytes + text.utf8.count > Limits.importBadRowsBytesMax
            if isFull { break }
            count += 1
            bytes += text.utf8.count
            kept.append(
                BadRow(
                    line: Int64(row.line), accountID: row.accountID,
                    invoiceNumber: row.number?.text, cells: text))
        }
        return kept
    }
}

/// The refused rows of an import as CSV: the columns of the file, and the reasons in one more.
enum RefusedRowsCSV {
    static func write(
        _ header: FileHeader, _ rows: [RefusedRow], _ options: FileOptions
    ) -> [UInt8] {
        var bytes = RefusedRows.opening(header)
        for row in rows {
            let cells =
                switch row.content {
                case .cells(let json): FileHeader.cells(json: json)
                case .bill(let draft, let given):
                    header.cells(of: draft, given: given, options, now: .now)
                }
            RefusedRows.append(cells, reason: reason(row), header, to: &bytes)
        }
        return bytes
    }

    private static func reason(_ row: RefusedRow) -> String {
        let reasons = row.reasons.map { ($0.column.map { "\($0): " } ?? "") + $0.reason }
        let more = row.moreReasons > 0 ? ["and \(row.moreReasons) more"] : []
        return (reasons + more).joined(separator: "; ")
    }
}
