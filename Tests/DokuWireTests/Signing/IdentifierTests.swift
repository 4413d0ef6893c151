// Client-Id and Request-Id: 1 to 128 visible ASCII characters, nothing trimmed.

import DokuWire
import Testing

struct IdentifierTests {
    private func rejections(of value: String) -> [WireRejection?] {
        var request = SampleRequest()
        request.clientID = value
        let client = SampleRequest.rejection(of: request.fields)
        request = SampleRequest()
        request.requestID = value
        return [client, SampleRequest.rejection(of: request.fields)]
    }

    @Test(arguments: [
        "1", "18436", "BRN-0227-1754893463001", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        String(repeating: "a", count: 127), String(repeating: "a", count: 128),
    ])
    func `an identifier of up to 128 visible ASCII characters is accepted`(value: String) {
        #expect(rejections(of: value) == [nil, nil])
    }

    @Test(arguments: [
        " ", " a", "a ", "a b", "\ta", "a\t", "a\nb", "a\r\nb", "a\u{0}", "\u{0}", "a\u{1B}[m",
        "a\u{7F}", "a\u{80}", "a\u{A0}", "caf\u{E9}", "a\u{FEFF}", "\u{FF11}", "\u{661}",
        "\u{212A}", "a\u{301}", "\u{1F600}", "a\u{FFFD}", String(repeating: "a", count: 129),
        String(repeating: "a", count: 10_000), String(repeating: "\u{E9}", count: 64),
    ])
    func `any other identifier is malformed`(value: String) {
        #expect(rejections(of: value) == [.clientIDMalformed, .requestIDMalformed])
    }

    @Test func `of all ASCII characters only the visible ones are accepted`() {
        for byte in UInt8(0)..<0x80 {
            let isVisible = (0x21...0x7E).contains(byte)
            let value = "a" + String(Unicode.Scalar(byte)) + "b"
            let expected: [WireRejection?] =
                isVisible ? [nil, nil] : [.clientIDMalformed, .requestIDMalformed]
            #expect(rejections(of: value) == expected, "byte \(byte)")
        }
    }
}
