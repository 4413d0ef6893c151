// HTTP/1.1 by hand: a request as bytes, and an answer out of bytes.

import DokuSimulator

extension DokuRequest {
    /// The header lines and the empty line behind them.
    var head: String {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(lines)"
            + "Content-Length: \(body.count)\r\n\r\n"
    }

    /// As it travels, with its Content-Length.
    var wire: [UInt8] { Array(head.utf8) + body }

    /// As it travels in chunks of a few bytes.
    func chunkedWire(of size: Int) -> [UInt8] {
        var copy = self
        copy.headers.append(Header("Transfer-Encoding", "chunked"))
        let head = copy.head.replacing("Content-Length: \(body.count)\r\n", with: "")
        var bytes = Array(head.utf8)
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(size)
            bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
            rest = rest.dropFirst(size)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }

    func adding(_ name: String, _ value: String) -> DokuRequest {
        var copy = self
        copy.headers.append(Header(name, value))
        return copy
    }
}

extension DokuAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The first answer in the bytes and its length; nil while it is not whole.
    static func parse(_ bytes: [UInt8]) -> (DokuAnswer, length: Int)? {
        guard let end = endOfHead(bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let first = lines.first else { return nil }
        let headers = lines.dropFirst().compactMap { line -> Header? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Header(String(line[..<colon]), String(value))
        }
        let words = first.split(separator: " ")
        let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        var answer = DokuAnswer(status: status, headers: headers, body: [])
        let length = answer.header("Content-Length").flatMap { Int($0) } ?? 0
        guard bytes.count >= end + length else { return nil }
        answer.body = Array(bytes[end..<end + length])
        return (answer, end + length)
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for place in 3..<bytes.count where bytes[place] == 10 {
            if bytes[place - 3...place].elementsEqual([13, 10, 13, 10]) { return place + 1 }
        }
        return nil
    }
}
