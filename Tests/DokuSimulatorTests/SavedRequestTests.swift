// A request saved as text and read again is the same request, byte for byte in its body.

import DokuSimulator
import Testing

struct SavedRequestTests {
    private static let bodies: [[UInt8]] = [
        [], Array("{}".utf8), Array("{\r\n\r\n}\r\n".utf8), Array("\n\n\n".utf8),
        Array("\r\n\r\nGET / HTTP/1.1\r\n\r\n".utf8), [0, 255, 128, 10, 13, 0],
        Array(Doku.inquiryBody(code: "1", counter: .alfa, date: "x", layout: .pretty)),
    ]

    @Test(arguments: bodies)
    func `a saved request is read back`(_ body: [UInt8]) throws {
        var request = Sample.request(body)
        request.headers.append(Header("X-Empty", ""))
        request.headers.append(Header("X-Colon", "a: b:c"))
        request.target = "/a/path?with=query"
        #expect(try SavedRequest.read(SavedRequest.bytes(of: request)) == request)
    }

    private static let forms: [(String, [Header], String)] = [
        (
            "POST /a HTTP/1.1\nA: 1\nB: 2\n\nbody\n\nmore\n", [Header("A", "1"), Header("B", "2")],
            "body\n\nmore\n"
        ),
        (
            "POST /a HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\nbody\r\n",
            [Header("A", "1"), Header("B", "2")], "body\r\n"
        ),
        ("POST /a HTTP/1.1\r\nA:1\nB:   2\r\n\nx", [Header("A", "1"), Header("B", "2")], "x"),
        ("POST /a HTTP/1.1\n\n", [], ""),
        ("POST /a HTTP/1.1\n", [], ""),
        ("POST /a HTTP/1.1", [], ""),
        ("POST /a HTTP/1.1\nA: 1", [Header("A", "1")], ""),
        ("POST /a HTTP/1.0\n\n\nx", [], "\nx"),
    ]

    @Test(arguments: forms.indices)
    func `lines may end with CRLF or LF, and the body is unchanged`(_ index: Int) throws {
        let (text, headers, body) = Self.forms[index]
        let request = try SavedRequest.read(Array(text.utf8))
        #expect(request.method == "POST")
        #expect(request.target == "/a")
        #expect(request.headers == headers)
        #expect(request.body == Array(body.utf8))
    }

    private static let faults: [(String, String)] = [
        ("", "the file is empty"),
        ("{\"a\":1}", "the first line must be"),
        ("POST /a", "the first line must be"),
        ("POST /a HTTP/1.1 x\n\n", "the first line must be"),
        ("POST /a FTP/1.1\n\n", "the first line must be"),
        ("\nPOST /a HTTP/1.1\n\n", "the first line must be"),
        ("POST /a HTTP/1.1\nno colon here\n\n", "`no colon here` is not a header line"),
    ]

    @Test(arguments: faults)
    func `a text that is no request is refused with the reason`(text: String, reason: String) {
        let fault = #expect(throws: SavedRequest.Fault.self) {
            try SavedRequest.read(Array(text.utf8))
        }
        #expect(fault?.description.hasPrefix(reason) == true, "\(fault?.description ?? "")")
    }
}
