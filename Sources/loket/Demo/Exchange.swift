// A request and its answer as they went over the wire, for people and for programs.

import DokuSimulator
import LoketJSON

enum Exchange {
    static func print(_ request: DokuRequest, _ answer: DokuAnswer) throws {
        var head = "HTTP/1.1 \(answer.status)\r\n"
        for header in answer.headers { head += "\(header.name): \(header.value)\r\n" }
        let answered = Array((head + "\r\n").utf8) + answer.body
        try Output.print(lines(of: SavedRequest.bytes(of: request), mark: "  > "))
        try Output.print("")
        try Output.print(lines(of: answered, mark: "  < "))
    }

    private static func lines(of bytes: [UInt8], mark: String) -> String {
        String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { mark + $0.visible }
            .joined(separator: "\n")
    }

    // MARK: JSON

    static func write(_ request: DokuRequest, to object: inout JSONWriter) {
        object.field("method", request.method)
        object.field("target", request.target)
        write(request.headers, request.body, to: &object)
    }

    static func write(_ answer: DokuAnswer, to object: inout JSONWriter) {
        object.field("status", Int64(answer.status))
        write(answer.headers, answer.body, to: &object)
    }

    /// A name may come twice, so the headers are a list.
    private static func write(
        _ headers: [Header], _ body: [UInt8], to object: inout JSONWriter
    ) {
        object.array("headers") { list in
            for header in headers {
                list.object {
                    $0.field("name", header.name)
                    $0.field("value", header.value)
                }
            }
        }
        object.field("body", String(decoding: body, as: UTF8.self))
    }
}
