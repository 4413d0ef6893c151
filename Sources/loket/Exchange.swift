// Prints a request and its answer as they went over the wire.

import DokuSimulator

enum Exchange {
    static func print(_ request: DokuRequest) {
        lines(of: SavedRequest.bytes(of: request), mark: "  > ")
    }

    static func print(_ answer: DokuAnswer) {
        var text = "HTTP/1.1 \(answer.status)\r\n"
        for header in answer.headers { text += "\(header.name): \(header.value)\r\n" }
        lines(of: Array((text + "\r\n").utf8) + answer.body, mark: "  < ")
    }

    private static func lines(of bytes: [UInt8], mark: String) {
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            Swift.print(mark + line)
        }
    }
}
