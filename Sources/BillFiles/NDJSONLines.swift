// The splitting of the bytes of an NDJSON file into lines.

import LoketCore

/// Splits bytes into lines. A line inside one chunk is copied once; part of a line is buffered
/// until the remainder arrives.
struct NDJSONLines {
    private(set) var bytes: [UInt8] = []
    /// The line number of the next byte, from 1.
    private(set) var line = 1

    /// Reads until a line is complete or the bytes end.
    ///
    /// - Returns: true if `bytes` is a complete line, without its line feed.
    mutating func scan(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let rest = more[position...]
        let end = rest.firstIndex(of: 0x0A)
        let piece = UnsafeBufferPointer(rebasing: rest[..<(end ?? more.endIndex)])
        let room = Limits.importRowBytesMax - bytes.count
        // A NUL within the limit is reported first, however the bytes are split.
        guard !piece.prefix(room).contains(0) else { throw .nul(line: line) }
        guard piece.count <= room else {
            throw FileFault(
                line: line,
                reason: "the line is longer than \(Limits.importRowBytesMax / 1024) KiB: "
                    + "send one JSON object per line")
        }
        bytes.append(contentsOf: piece)
        position = end.map { $0 + 1 } ?? more.endIndex
        if end != nil { line += 1 }
        return end != nil
    }

    mutating func nextLine() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Whether the line contains only JSON white space.
    var isBlank: Bool {
        bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
