// A minimal HTTP/1.1 parser that finds the end of an answer from its head and Content-Length. The
// load generator uses it, because a complete HTTP parser would cost as much as the measured work.

import NIOCore

enum AnswerFrame {
    private static let endOfHead = Array("\r\n\r\n".utf8)
    private static let lengthName = Array("\r\ncontent-length: ".utf8)
    private static let lowerCaseBit: UInt8 = 0x20

    /// Removes one complete answer from the front and returns its status; nil if incomplete.
    static func take(from buffer: inout ByteBuffer) -> Int? {
        let size = buffer.withUnsafeReadableBytes { bytes -> (frame: Int, status: Int)? in
            guard let head = place(of: endOfHead, in: bytes),
                let length = place(of: lengthName, in: bytes)
            else { return nil }
            let body = number(bytes, from: length + lengthName.count)
            let frame = head + endOfHead.count + body
            return bytes.count < frame ? nil : (frame, number(bytes, from: 9))
        }
        guard let size else { return nil }
        buffer.moveReaderIndex(forwardBy: size.frame)
        if buffer.readableBytes == 0 { buffer.clear() }
        return size.status
    }

    /// Returns the position of `text`, which must be in lower case; the comparison ignores case.
    private static func place(of text: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        var start = 0
        while start + text.count <= bytes.count {
            var length = 0
            while length < text.count, fold(bytes[start + length]) == text[length] { length += 1 }
            if length == text.count { return start }
            start += 1
        }
        return nil
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | lowerCaseBit : byte
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        bytes[start...].prefix { $0 >= 0x30 && $0 <= 0x39 }
            .reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
