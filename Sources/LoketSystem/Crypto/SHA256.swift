// SHA-256 from the system's libcrypto. The algorithm is fetched once; the older OpenSSL functions
// repeat the look-up at every use in OpenSSL 3.

import CLibcrypto

/// A SHA-256 hash of 32 bytes.
package struct SHA256Digest: Hashable, Sendable {
    package static let byteCount = 32

    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    fileprivate init(finishing context: OpaquePointer) {
        let done = withUnsafeMutableBytes(of: &self) { space in
            EVP_DigestFinal_ex(
                context, space.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        precondition(done == 1, "libcrypto cannot finish a SHA-256")
    }

    /// Hashes bytes.
    package init(of bytes: UnsafeRawBufferPointer) {
        let context = DigestContext()
        context.start()
        context.add(bytes)
        self.init(finishing: context.pointer)
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

/// A digest context of libcrypto, freed when this object is released.
final class DigestContext {
    let pointer: OpaquePointer

    init() {
        guard let made = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        pointer = made
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }

    func start() {
        precondition(
            EVP_DigestInit_ex(pointer, sha256.pointer, nil) == 1,
            "libcrypto cannot start a SHA-256")
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            EVP_DigestUpdate(pointer, bytes.baseAddress, bytes.count) == 1,
            "libcrypto cannot continue a SHA-256")
    }

    func copy(from other: DigestContext) {
        precondition(
            EVP_MD_CTX_copy_ex(pointer, other.pointer) == 1, "libcrypto cannot copy a SHA-256")
    }

    func finish() -> SHA256Digest {
        SHA256Digest(finishing: pointer)
    }
}

/// A fetched algorithm, never freed and never changed, so that all threads can share it.
private struct Algorithm: @unchecked Sendable {
    let pointer: OpaquePointer
}

private let sha256: Algorithm = {
    guard let fetched = EVP_MD_fetch(nil, "SHA256", nil) else {
        preconditionFailure("this libcrypto has no SHA-256")
    }
    return Algorithm(pointer: fetched)
}()

/// SHA-256 of data in pieces, such as a file that is never completely in memory.
package final class RunningSHA256 {
    private let context = DigestContext()

    package init() {
        context.start()
    }

    package func add(_ bytes: UnsafeRawBufferPointer) {
        context.add(bytes)
    }

    /// Returns the digest of all added bytes; nothing may be added afterwards.
    package func finish() -> SHA256Digest { context.finish() }
}
