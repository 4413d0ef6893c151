// Comparison, encodings, random bytes, and that no text representation contains a key.

import LoketSystem
import Testing

struct SecrecyTests {
    /// RFC 4648's alphabet and padding, over digests; computed with Python's base64.
    @Test(arguments: [
        ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
        ),
    ])
    func `base64 is the standard encoding with padding`(message: String, expected: String) {
        let encoded = base64(SHA256Digest(of: Array(message.utf8)))
        #expect(encoded == Array(expected.utf8))
        #expect(encoded.count == 44)
    }

    @Test(
        arguments: [
            ([], ""), ([0x00], "00"), ([0x0F, 0xF0], "0ff0"), ([0xFF], "ff"),
            ([0xDE, 0xAD, 0xBE, 0xEF], "deadbeef"), ([0x01, 0x23, 0x45, 0x67, 0x89], "0123456789"),
        ] as [([UInt8], String)])
    func `hexadecimal is lower case, two digits a byte`(bytes: [UInt8], text: String) {
        #expect(hexadecimal(bytes) == text)
    }

    @Test func `every byte has its own two digits`() {
        let all = hexadecimal(Array(UInt8.min...UInt8.max))
        #expect(all.utf8.count == 512)
        for byte in UInt8.min...UInt8.max {
            let digits = hexadecimal([byte])
            #expect(UInt8(digits, radix: 16) == byte)
            #expect(all.dropFirst(Int(byte) * 2).prefix(2) == digits)
        }
    }

    @Test(
        arguments: [
            ([], [], true), ([], [0], false), ([0], [], false), ([1], [1], true), ([1], [2], false),
            ([1, 2], [1], false), ([1], [1, 2], false), ([1, 2], [2, 1], false),
            ([1, 2, 3], [1, 2, 3], true), ([0], [0, 0], false),
        ] as [([UInt8], [UInt8], Bool)])
    func `equal means equal in length and in every byte`(
        left: [UInt8], right: [UInt8], areEqual: Bool
    ) {
        #expect(equalInConstantTime(left, right) == areEqual)
    }

    @Test func `a single bit anywhere makes two signatures unequal`() {
        let bytes = Array("HMACSHA256=7LaAO/eNlZeBo5xIFdYBNfX9ZNuWsK4F2qXbU6ZNKoE=".utf8)
        #expect(equalInConstantTime(bytes, bytes))
        for bit in 0..<(bytes.count * 8) {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!equalInConstantTime(bytes, other), "bit \(bit)")
            #expect(!equalInConstantTime(other, bytes), "bit \(bit)")
        }
    }

    @Test func `random bytes have the requested number and never repeat`() {
        for count in [0, 1, 16, 32, 1000] {
            #expect(randomBytes(count).count == count)
        }
        let many = (0..<1000).map { _ in randomBytes(16) }
        #expect(Set(many).count == many.count)
    }

    @Test func `no text representation of a key contains the key`() {
        let text = "SK-not-to-be-seen-anywhere"
        let key = HMACKey(Array(text.utf8))
        var dumped = ""
        dump(key, to: &dumped)
        for shown in ["\(key)", String(describing: key), String(reflecting: key), dumped] {
            #expect(!shown.contains(text))
            #expect(!shown.contains(hexadecimal(Array(text.utf8))))
            #expect(shown.contains("hidden"))
        }
        // A dump lists the properties, and the states of the key could sign.
        #expect(dumped == "- HMACKey(hidden)\n")
    }
}
