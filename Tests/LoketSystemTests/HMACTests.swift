// HMAC-SHA256 against RFC 4231, with keys shorter than, equal to and longer than 64 bytes.

import LoketSystem
import Testing

struct HMACTests {
    struct Case: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        /// The start of the result; for its fifth vector, RFC 4231 publishes only half.
        let start: String
    }

    private static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }

    static let rfc4231 = [
        Case(
            key: bytes(0x0B, 20), message: Array("Hi There".utf8),
            start: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Case(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            start: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Case(
            key: bytes(0xAA, 20), message: bytes(0xDD, 50),
            start: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Case(
            key: Array(1...25), message: bytes(0xCD, 50),
            start: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Case(
            key: bytes(0x0C, 20), message: Array("Test With Truncation".utf8),
            start: "a3b6167473100ee06e0c796c2955552b"),
        Case(
            key: bytes(0xAA, 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            start: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Case(
            key: bytes(0xAA, 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than "
                    + "block-size data. The key needs to be hashed before being used by the "
                    + "HMAC algorithm.").utf8),
            start: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: rfc4231)
    func `the results are the vectors of RFC 4231`(_ row: Case) {
        let text = hexadecimal(HMACKey(row.key).authenticate(row.message).bytes)
        #expect(text.hasPrefix(row.start))
        #expect(text.utf8.count == 64)
    }

    /// Computed with Python's hmac.
    @Test(arguments: [
        (0, "6c37e38ae4dcb9e827eea3681e0c9dfdf2b37ebc85035fd69d27c23d5d878925"),
        (1, "ada26b6f6d01a9c5ecaa0e804fd1539657cbf2b9a8c12a77b9b66aaf59404629"),
        (63, "279fe030e83f5904dc8eeea53add970520c1ff6a2593e8834643ed1af040ac00"),
        (64, "bb8090ab310040acaa0a4d654d679ae09ee07057294531954fa10f7772ee7c15"),
        (65, "d7fec68c94ef1b96bf557f6bce16dd20d1883f876e403de82f2923e268d14cb8"),
        (128, "87d136b7fecfd38283bae345880ca797329d459686484f338f965078bb2b0afa"),
        (1000, "29925ed76e7d0aab5a78b1ea1628e672434e4b2a4432873c2cd95016926a6d57"),
    ])
    func `a key may be shorter, equal or longer than the block`(count: Int, expected: String) {
        let key = HMACKey(Self.bytes(UInt8(ascii: "k"), count))
        let message = Array("Client-Id:x\nRequest-Id:y".utf8)
        #expect(hexadecimal(key.authenticate(message).bytes) == expected)
    }

    /// Each result is part of the next message. The expected value is from Python's hmac.
    @Test func `every length of key from 0 to 199 bytes is right`() {
        var chained: [UInt8] = []
        for count in 0..<200 {
            let key = HMACKey((0..<count).map { UInt8(truncatingIfNeeded: count + $0) })
            chained = key.authenticate(chained + Self.bytes(0, count)).bytes
        }
        #expect(
            hexadecimal(chained)
                == "c87f328bbcae3c650c54fd8435d6c6be4e689e1ad60025e519e6cae6709fcd51")
    }

    @Test func `a key gives the same result regardless of its earlier uses`() {
        let key = HMACKey(Array("Jefe".utf8))
        let message = Array("what do ya want for nothing?".utf8)
        let first = key.authenticate(message)
        for count in 0..<200 {
            _ = key.authenticate(Self.bytes(1, count))
            #expect(key.authenticate(message) == first)
        }
        #expect(HMACKey(Array("Jefe".utf8)).authenticate(message) == first)
        #expect(HMACKey(Array("jefe".utf8)).authenticate(message) != first)
    }
}
