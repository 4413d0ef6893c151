// The options with which a header would be read, as a line to copy. They are an example: which of two
// columns has the amount is known to the author of the file alone, so nothing is read by it.

import LoketCore

enum HeaderAdvice {
    /// Returns `--map` for each missing column and `--ignore` for the other unknown names; empty if
    /// there is nothing to advise. A missing column without a likely name stands as `…`.
    ///
    /// - Parameter absent: the entries of `map` whose column is missing, which other entries replace.
    static func options(
        missing: [BillColumn], absent: [MappedColumn], unknown: [String], repeated: [String]
    ) -> String {
        var rest = unknown.map(ColumnName.normal)
        var words: [String] = []
        var replaced: [String] = []
        func add(_ column: BillColumn) -> Bool {
            let name = likely(column, among: rest)
            guard name != nil || BillColumn.required.contains(column) else { return false }
            rest.removeAll { $0 == name }
            words.append("--map \(quoted("\(name ?? "…")=\(column.name)"))")
            return true
        }
        for mapped in absent {
            guard case .field(let column) = mapped.column, add(column) else { continue }
            replaced.append("--map \(quoted("\(mapped.name)=\(mapped.target)"))")
        }
        for column in missing { _ = add(column) }
        var ignored: [String] = []
        for name in rest + repeated.map(ColumnName.normal) where !ignored.contains(name) {
            ignored.append(name)
        }
        words += ignored.map { "--ignore \(quoted($0))" }
        if !replaced.isEmpty { words += ["in place of"] + replaced }
        return words.joined(separator: " ")
    }

    /// Whether a cell is a code, an amount, a date or an address, and no name: options with it
    /// would fit this file alone, and repeat a customer's data.
    static func isValue(_ cell: String) -> Bool {
        let letters = cell.lowercased().filter(\.isLetter)
        return cell.contains("@")
            || cell.contains(where: \.isNumber) && ["", "rp", "idr"].contains(letters)
    }

    /// Whether one of the names is like that of a column.
    static func isLikely(_ names: [String]) -> Bool {
        BillColumn.required.contains { likely($0, among: names.map(ColumnName.normal)) != nil }
    }

    /// Returns the name that most likely means a column.
    private static func likely(_ column: BillColumn, among names: [String]) -> String? {
        if let near = names.first(where: { BillColumn.nearest(to: $0) == column.name }) {
            return near
        }
        for word in words(column) {
            let found = names.first { name in
                name.lowercased().split { !$0.isLetter }.contains { $0 == word }
            }
            if let found { return found }
        }
        return nil
    }

    /// The words in the names of columns of accounting programs, the most certain first.
    private static func words(_ column: BillColumn) -> [String] {
        switch column {
        case .paymentCode: ["va", "virtual", "bayar", "pembayaran", "payment", "kode", "code"]
        case .invoiceNumber:
            ["faktur", "invoice", "nota", "number", "nomor", "transaksi", "document", "no", "id"]
        case .amount:
            [
                "terhutang", "piutang", "sisa", "outstanding", "residual", "nominal", "jumlah",
                "tagihan", "total", "amount", "nilai", "biaya", "harga",
            ]
        case .customerName:
            ["nama", "name", "pelanggan", "customer", "partner", "siswa", "kontak", "konsumen"]
        case .amounts, .reusable, .validFrom, .expiresAt, .dueAt, .customerEmail, .info: []
        }
    }

    private static func quoted(_ text: String) -> String {
        ShellWord.quoted(ColumnName.normal(text))
    }
}
