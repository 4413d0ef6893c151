// Recognition of other file types and encodings by the first bytes, before anything is read.

enum FileOpening {
    /// The number of bytes examined.
    static let bytesMax = 8

    /// - Returns: the length of the byte order mark to skip, and the encoding of the rest.
    /// - Throws: `FileFault` for a file of another type.
    static func judge(
        _ bytes: [UInt8], _ options: FileOptions
    ) throws(FileFault) -> (mark: Int, encoding: FileEncoding) {
        let kind = foreign.first { bytes.starts(with: $0.opening) }
        if let kind { throw FileFault(reason: kind.reason) }
        let (mark, encoding) = try encoding(bytes, options.encoding)
        // A title before the header may begin with any character.
        guard options.skipLines == 0 else { return (mark, encoding) }
        let first = bytes.dropFirst(mark).first { !isSpace($0) && $0 != 0 }
        if let reason = otherFormat(first, options.layout) {
            throw FileFault(line: 1, reason: reason)
        }
        return (mark, encoding)
    }

    private static func encoding(
        _ bytes: [UInt8], _ declared: FileEncoding
    ) throws(FileFault) -> (mark: Int, encoding: FileEncoding) {
        let marks: [(bytes: [UInt8], encoding: FileEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian),
            ([0xFE, 0xFF], .utf16BigEndian),
        ]
        let mark = marks.first { bytes.starts(with: $0.bytes) }
        switch (declared, mark?.encoding) {
        case (.utf16, nil):
            throw FileFault(
                reason: "has no byte order mark, which encoding=utf-16 needs: set "
                    + "encoding=utf-16le or encoding=utf-16be")
        case (_, nil): return (0, declared)
        case (.utf16, .utf16LittleEndian), (.utf16, .utf16BigEndian):
            return (2, mark?.encoding ?? declared)
        case (let declared, let found?):
            guard declared == found else { throw other(declared, found) }
            return (mark?.bytes.count ?? 0, declared)
        }
    }

    private static func other(_ declared: FileEncoding, _ found: FileEncoding) -> FileFault {
        guard declared != .utf8 else {
            return FileFault(
                reason: "is UTF-16 (\"Unicode text\"): save it as CSV UTF-8, or set encoding=utf-16"
            )
        }
        return FileFault(
            reason: "begins with the byte order mark of \(found.rawValue), but the option is "
                + "encoding=\(declared.rawValue): remove the option, or set "
                + (found == .utf8 ? "encoding=utf-8" : "encoding=utf-16"))
    }

    private static func otherFormat(_ first: UInt8?, _ format: ImportFormat) -> String? {
        switch (first, format) {
        case (UInt8(ascii: "<")?, _): "the file is HTML or XML: save it as CSV UTF-8"
        case (UInt8(ascii: "{")?, .csv):
            "the file is JSON, not CSV: send one object per line with format=ndjson"
        case (UInt8(ascii: "{")?, .json):
            "the file is not a JSON array: send [ before the first object and ] after the last, or "
                + "one object per line with format=ndjson"
        case (UInt8(ascii: "[")?, .csv), (UInt8(ascii: "[")?, .ndjson):
            "the file is a JSON array: send it with format=json"
        default: nil
        }
    }

    private static let foreign: [(opening: [UInt8], reason: String)] = [
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

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
