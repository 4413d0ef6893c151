// A request as text, the way it is printed and the way it is read back: request line, headers, an
// empty line, then the body's exact bytes to the end of the file.

package enum SavedRequest {
    /// Why a file is not a saved request.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package static func bytes(of request: DokuRequest) -> [UInt8] {
        var text = "\(request.method) \(request.target) HTTP/1.1\r\n"
        for header in request.headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }

    /// Lines may end with CRLF or LF; the body is taken as it is.
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
                throw Fault(description: "`\(line)` is no header line")
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
