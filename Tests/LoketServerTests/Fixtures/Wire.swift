// HTTP/1.1 by hand: a request as bytes.

import DokuSimulator

extension DokuRequest {
    /// The header lines and the empty line after them.
    var head: String {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(lines)"
            + "Content-Length: \(body.count)\r\n\r\n"
    }

    /// The bytes on the wire, with Content-Length.
    var wire: [UInt8] { Array(head.utf8) + body }

    /// The bytes on the wire, in chunks of `size` bytes.
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
}
