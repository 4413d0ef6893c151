// A column of a CSV file: one of a bill's columns, or a numbered one of its dated amounts.

import LoketCore

/// A column of a CSV file.
enum CSVColumn: Hashable, Sendable {
    case field(BillColumn)
    case step(StepColumn)

    var name: String {
        switch self {
        case .field(let column): column.name
        case .step(let column): column.name
        }
    }

    /// Whether the column has dated amounts, so that a row may leave `amount` empty.
    var hasSteps: Bool {
        switch self {
        case .field(let column): column == .amounts
        case .step: true
        }
    }

    init?(named name: String) {
        if let column = BillColumn(named: name) {
            self = .field(column)
        } else if let column = StepColumn(plain: BillColumn.plain(name)) {
            self = .step(column)
        } else {
            return nil
        }
    }
}
