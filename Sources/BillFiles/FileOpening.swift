// Recognition of other file types by their first bytes, before anything is read.

enum FileOpening {
    /// The number of bytes examined.
    static let bytesMax = 8

    /// - Returns: the length of the byte order mark to skip.
    /// - Throws: `FileFault` for a file of another type.
    static func judge(_ bytes: [UInt8], format: BillFileFormat) throws(FileFault) -> Int {
        if let other = foreign(bytes) { throw FileFault(reason: other) }
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes.dropFirst(mark).first { !isSpace($0) }
        switch (format, first) {
        case (.csv, UInt8(ascii: "{")?):
            throw FileFault(
                line: 1,
                reason: "the file is JSON, not CSV: send one object per line with format=ndjson")
        case (_, UInt8(ascii: "[")?):
            throw FileFault(
                line: 1,
                reason: "the file is a JSON array: send one object per line (NDJSON), without "
                    + "brackets and without commas between the objects")
        case (_, UInt8(ascii: "<")?):
            throw FileFault(
                line: 1,
                reason: "the file is HTML or XML: save it as CSV UTF-8")
        default:
            return mark
        }
    }

    private static func foreign(_ bytes: [UInt8]) -> String? {
        let kinds: [(opening: [UInt8], reason: String)] = [
            ([0xFF, 0xFE], utf16), ([0xFE, 0xFF], utf16),
            (
                Array("PK\u{3}\u{4}".utf8),
                "is an Excel workbook (.xlsx) or another zip archive: save it as CSV UTF-8"
            ),
            (Array("PK\u{5}\u{6}".utf8), "is an empty zip archive: send the CSV file"),
            (
                [0xD0, 0xCF, 0x11, 0xE0],
                "is an old Excel workbook (.xls): save it as CSV UTF-8"
            ),
            (Array("%PDF".utf8), "is a PDF: send the data as a CSV file"),
            ([0x1F, 0x8B], "is compressed with gzip: send the uncompressed file"),
        ]
        return kinds.first { bytes.starts(with: $0.opening) }?.reason
    }

    private static let utf16 = "is UTF-16 (\"Unicode text\"): save it as CSV UTF-8"

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
