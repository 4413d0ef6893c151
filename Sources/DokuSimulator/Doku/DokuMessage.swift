// A request by DOKU and its answer, as bytes and header lines. A request can be saved to a file and
// read again (SavedRequest).

package struct DokuRequest: Sendable, Equatable {
    package var method: String
    /// The path on the wire, which can differ from the signed path.
    package var target: String
    package var headers: [Header]
    package var body: [UInt8]

    package init(method: String, target: String, headers: [Header], body: [UInt8]) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// Returns the value of the first header with this name, compared without case.
    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

package struct DokuAnswer: Sendable, Equatable {
    package var status: Int
    package var headers: [Header]
    package var body: [UInt8]

    package init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.value(of: name)
    }
}

package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [Header] {
    fileprivate func value(of name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

package enum SavedRequest {
    /// The reason why a file is not a saved request.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package static func bytes(of request: DokuRequest) -> [UInt8] {
        var text = "\(request.method) \(request.target) HTTP/1.1\r\n"
        for header in request.headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }

    /// Reads a saved request. Lines may end with CRLF or LF; the body is not changed.
    package static func read(_ bytes: [UInt8]) throws(Fault) -> DokuRequest {
        var rest = bytes[...]
        guard let first = nextLine(&rest) else { throw Fault(description: "the file is empty") }
        let words = first.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/") else {
            throw Fault(
                description: "the first line must be like `POST /doku/inquiry HTTP/1.1`")
        }
        var headers: [Header] = []
        while let line = nextLine(&rest), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else {
                throw Fault(description: "`\(line)` is not a header line")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append(Header(String(line[..<colon]), String(value)))
        }
        return DokuRequest(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: Array(rest))
    }

    private static func nextLine(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
        var line = rest[rest.startIndex..<end]
        rest = rest[min(end + 1, rest.endIndex)...]
        if line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
