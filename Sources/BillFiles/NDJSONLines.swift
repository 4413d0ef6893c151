// Cuts bytes into lines. A line that lies in one chunk is copied once; one that is cut waits.

import LoketCore

struct NDJSONLines {
    private(set) var bytes: [UInt8] = []
    /// Line of the next byte, from 1.
    private(set) var line = 1

    /// Reads on until a line is whole or nothing is left.
    ///
    /// - Returns: true where `bytes` is a whole line, without its line feed.
    mutating func scan(
        _ more: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(FileFault) -> Bool {
        let rest = more[position...]
        let end = rest.firstIndex(of: 0x0A)
        let piece = UnsafeBufferPointer(rebasing: rest[..<(end ?? more.endIndex)])
        let room = Limits.importRowBytesMax - bytes.count
        // A NUL that stands within the room comes first, however the bytes are cut.
        guard !piece.prefix(room).contains(0) else { throw .nul(line: line) }
        guard piece.count <= room else {
            throw FileFault(
                line: line,
                reason: "the line is longer than \(Limits.importRowBytesMax / 1024) KiB, which "
                    + "no bill needs: is this one JSON object a line?")
        }
        bytes.append(contentsOf: piece)
        position = end.map { $0 + 1 } ?? more.endIndex
        if end != nil { line += 1 }
        return end != nil
    }

    mutating func nextLine() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Nothing but JSON's white space.
    var isBlank: Bool {
        bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
