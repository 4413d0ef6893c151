// The lines before the header that an option skips, such as the title of a report.

struct SkippedLines {
    private var left: Int
    private var isAfterCR = false

    init(_ count: Int) { left = count }

    /// Reads bytes up to the end of the last line to skip; lines end with LF, CRLF or a CR.
    ///
    /// - Returns: true if all are skipped.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            if isAfterCR {
                isAfterCR = false
                left -= 1
                if byte == 0x0A { position += 1 }
            } else {
                position += 1
                if byte == 0x0A { left -= 1 }
                isAfterCR = byte == 0x0D
            }
            if left == 0 { return true }
        }
        return false
    }
}
