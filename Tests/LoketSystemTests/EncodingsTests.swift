// Encodings of bytes as text: decoding returns the same bytes, and other texts are refused.

import LoketSystem
import Testing

struct EncodingsTests {
    @Test(arguments: 0..<70)
    func `encoded bytes of every length are decoded to the same bytes`(_ count: Int) {
        let bytes = randomBytes(count)
        #expect(hexadecimalDecoded(hexadecimal(bytes).utf8) == bytes)
        let text = base64(bytes)
        #expect(base64Decoded(text) == bytes)
        #expect(base64Decoded(text.filter { $0 != UInt8(ascii: "=") }) == bytes)
        #expect(text.count.isMultiple(of: 4))
    }

    @Test func `hexadecimal digits of either case are read, and nothing else`() {
        #expect(hexadecimalDecoded("00fFA1".utf8) == [0x00, 0xFF, 0xA1])
        for text in ["0", "0g", "0x", " 0", "é"] {
            #expect(hexadecimalDecoded(text.utf8) == nil, "\(text)")
        }
    }

    @Test(arguments: ["QQ=Q", "Q-==", "QR==", "Q\n=="])
    func `a text that is not base64 is refused`(_ text: String) {
        #expect(base64Decoded(text.utf8) == nil)
    }

    @Test(arguments: [
        ("INV-1_a.b~c", "INV-1_a.b~c"), ("a b/c?d&e=f%", "a%20b%2Fc%3Fd%26e%3Df%25"),
        ("é\n", "%C3%A9%0A"), ("", ""),
    ])
    func `unreserved letters alone are not percent-encoded`(_ text: String, _ encoded: String) {
        #expect(percentEncoded(text) == encoded)
        #expect(percentDecoded(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "a%zzb"])
    func `a percent sign without two digits is refused`(_ text: String) {
        #expect(percentDecoded(text) == nil)
    }
}
