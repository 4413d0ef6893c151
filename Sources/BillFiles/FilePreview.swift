// The beginning of a CSV file, for a person who declares how the file is read: its columns with the
// bill's columns that they would be read as, and their first values.

import LoketCore

package struct FilePreview: Sendable {
    package struct Column: Sendable {
        /// The name in the file.
        package let name: String
        /// The bill's column; nil if the column is ignored or its name is unknown.
        package let target: String?
        /// The bill's column that the name alone means, without options.
        package let meant: String?
        package let isIgnored: Bool
        /// The values in the first rows.
        package let values: [String]
    }

    package let columns: [Column]

    private static let rowsMax = 3

    /// Reads the first bytes of a file; nil if they do not begin a CSV file that the options divide
    /// into columns. A header that does not fit is read all the same.
    ///
    /// - Parameter isCut: whether the file goes on after these bytes.
    package init?(_ bytes: [UInt8], isCut: Bool = false, _ options: FileOptions) {
        guard options.layout == .csv,
            let rows = try? Self.rows(bytes, isCut, options), let names = rows.first
        else { return nil }
        columns = names.enumerated().map { place, name in
            let isIgnored = options.ignores(name)
            let meant = CSVColumn(named: name)
            return Column(
                name: name, target: isIgnored ? nil : (options.mapped(name) ?? meant)?.name,
                meant: meant?.name, isIgnored: isIgnored,
                values: rows.dropFirst().map { place < $0.count ? $0[place] : "" })
        }
    }

    private static func rows(
        _ bytes: [UInt8], _ isCut: Bool, _ options: FileOptions
    ) throws -> [[String]] {
        let (mark, encoding) = try FileOpening.judge(
            Array(bytes.prefix(FileOpening.bytesMax)), options)
        var text = Array(bytes.dropFirst(mark))
        if var decoder = FileDecoder(encoding) {
            text = text.withUnsafeBufferPointer { decoder.decode($0).text }
        }
        return try text.withUnsafeBufferPointer { text in
            var position = 0
            if options.skipLines > 0 {
                var skipped = SkippedLines(options.skipLines)
                guard skipped.take(text, &position) else { return [] }
            }
            var scanner = CSVScanner()
            scanner.delimiter = try delimiter(text, &position, options)
            var rows: [[String]] = []
            while rows.count <= rowsMax {
                do {
                    // The last row may go on after these bytes.
                    let isWhole = try scanner.scan(text, &position)
                    if !isWhole, try !scanner.finish() || !rows.isEmpty && isCut { break }
                } catch {
                    // A header is shown whatever its rows are.
                    if rows.isEmpty { throw error }
                    break
                }
                if scanner.contents.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
                    rows.append(scanner.texts)
                }
                scanner.nextRow()
            }
            return rows
        }
    }

    /// Returns the delimiter, with the position at the header.
    private static func delimiter(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ options: FileOptions
    ) throws -> UInt8 {
        while position < text.count {
            let start = position
            var line = CSVFirstLine()
            _ = try line.take(text, &position, line: 1)
            if let declared = try line.declared(line: 1, options.delimiter) { return declared }
            if line.isBlank { continue }
            position = start
            return try line.delimiter(line: 1, options.delimiter)
        }
        return UInt8(ascii: ",")
    }
}

extension DateFormat {
    /// Returns the end of the day in a cell, or its time; nil if the cell has none in this form.
    package func moment(_ cell: String) -> Moment? {
        var cell = cell
        return cell.withUTF8 { try? ExpiryText.moment($0, self) }
    }
}

extension AmountFormat {
    /// Returns the amount in a cell; nil if the cell has none in this form.
    package func amount(_ cell: String) -> Rupiah? {
        var cell = cell
        return cell.withUTF8 { amount($0) }
    }
}
