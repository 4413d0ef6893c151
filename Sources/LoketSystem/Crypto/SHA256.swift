// SHA-256 from the system's libcrypto.

import CLibcrypto

/// A SHA-256 hash of 32 bytes.
package struct SHA256Digest: Hashable, Sendable {
    package static let byteCount = 32

    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    fileprivate init(finishing state: inout SHA256_CTX) {
        let done = withUnsafeMutableBytes(of: &self) { space in
            SHA256_Final(space.baseAddress?.assumingMemoryBound(to: UInt8.self), &state)
        }
        precondition(done == 1, "libcrypto cannot finish a SHA-256")
    }

    /// Hashes bytes.
    package init(of bytes: UnsafeRawBufferPointer) {
        var running = RunningSHA256()
        running.add(bytes)
        self = running.finish()
    }

    package init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { SHA256Digest(of: $0) }
    }

    /// Returns nil unless the text is 64 hexadecimal digits of either case.
    package init?(hexadecimal text: String) {
        guard let bytes = hexadecimalDecoded(text.utf8), bytes.count == Self.byteCount else {
            return nil
        }
        withUnsafeMutableBytes(of: &self) { $0.copyBytes(from: bytes) }
    }

    /// The first eight bytes as a big-endian number.
    package var leadingBits: UInt64 { UInt64(bigEndian: first) }

    /// Calls `body` with the 32 bytes in order.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: self, body)
    }

    package var bytes: [UInt8] { withBytes { Array($0) } }
}

/// SHA-256 of data in pieces, such as a file that is never completely in memory. A copy continues
/// from the same state.
package struct RunningSHA256: Sendable {
    private var state = SHA256_CTX()

    package init() {
        precondition(SHA256_Init(&state) == 1, "libcrypto cannot start a SHA-256")
    }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            SHA256_Update(&state, bytes.baseAddress, bytes.count) == 1,
            "libcrypto cannot continue a SHA-256")
    }

    package mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { add($0) }
    }

    /// Returns the digest of all added bytes; nothing may be added afterwards.
    package mutating func finish() -> SHA256Digest { SHA256Digest(finishing: &state) }
}
