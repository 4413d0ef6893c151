// SHA-256 against the published examples (FIPS 180-4, NIST's CAVP) and across every block border.

import LoketSystem
import Testing

struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `the results are the published examples`(message: String, digest: String) {
        #expect(hexadecimal(SHA256Digest(of: Array(message.utf8)).bytes) == digest)
    }

    @Test(
        arguments: [
            ([0xBD], "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"),
            (
                [0xC9, 0x8C, 0x8E, 0x55],
                "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"
            ),
        ] as [([UInt8], String)])
    func `bytes that are not text are hashed as they are`(message: [UInt8], digest: String) {
        #expect(hexadecimal(SHA256Digest(of: message).bytes) == digest)
    }

    @Test func `a digest is read from 64 hexadecimal digits of either case`() {
        let digest = SHA256Digest(of: Array("abc".utf8))
        let text = hexadecimal(digest.bytes)
        #expect(SHA256Digest(hexadecimal: text) == digest)
        #expect(SHA256Digest(hexadecimal: text.uppercased()) == digest)
        for other in [
            "", "abc", text.dropLast() + "g", text + "0", text + "\n", text.dropLast() + "５",
        ] as [String] {
            #expect(SHA256Digest(hexadecimal: other) == nil, "\(other)")
        }
    }

    /// Each hash is part of the next message, so one value (from Python's hashlib) covers all.
    @Test func `every length from 0 to 331 bytes is hashed correctly`() {
        var chained: [UInt8] = []
        for count in 0..<300 {
            let tail = (0..<count).map { UInt8(truncatingIfNeeded: count + $0) }
            chained = SHA256Digest(of: chained + tail).bytes
        }
        #expect(
            hexadecimal(chained)
                == "d3d115821dbc8c831aa64efa5bf8c163e82157ecce7cc0c68280011950f48252")
    }

    @Test func `a digest is 32 bytes, and the leading bits are the first eight`() {
        let digest = SHA256Digest(of: Array("abc".utf8))
        #expect(SHA256Digest.byteCount == 32)
        #expect(digest.bytes.count == 32)
        #expect(digest.withBytes { Array($0) } == digest.bytes)
        #expect(digest.leadingBits == 0xBA78_16BF_8F01_CFEA)
        #expect(digest == SHA256Digest(of: Array("abc".utf8)))
        #expect(digest != SHA256Digest(of: Array("abd".utf8)))
    }
}
