// A small file and its expected reading, in the notation of `Reading`.

import BillFiles
import Testing

struct FileCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let format: BillFileFormat
    let reading: String

    init(_ name: String, _ file: String, format: BillFileFormat = .csv, _ reading: String) {
        self.name = name
        bytes = Array(file.utf8)
        self.format = format
        self.reading = reading
    }

    /// - Parameter file: each character up to U+00FF is one byte.
    init(
        _ name: String, latin1 file: String, format: BillFileFormat = .csv, _ reading: String
    ) {
        self.name = name
        bytes = file.unicodeScalars.map { UInt8($0.value & 0xFF) }
        self.format = format
        self.reading = reading
    }

    var testDescription: String { name }
}

/// One cell of an otherwise correct row, and the expected reading of the row.
struct CellCase: Sendable, CustomTestStringConvertible {
    let column: BillColumn
    let cell: String
    let reading: String

    init(_ column: BillColumn, _ cell: String, _ reading: String) {
        self.column = column
        self.cell = cell
        self.reading = reading
    }

    var testDescription: String { "\(column.name) \(cell)" }

    /// The cell is quoted, so that only its value is tested.
    var file: String {
        let cells = BillColumn.allCases.map { column in
            let text = column == self.column ? cell : Self.whole[column] ?? ""
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
        return wholeHeader + cells.joined(separator: ",") + "\n"
    }

    private static let whole: [BillColumn: String] = [
        .paymentCode: "8899650001", .invoiceNumber: "INV-1", .amount: "150000",
        .customerName: "Anton",
    ]
}
