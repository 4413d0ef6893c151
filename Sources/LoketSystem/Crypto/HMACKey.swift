// HMAC-SHA256 (RFC 2104) under one key. The states after the inner and the outer pad are made
// once; a use copies them, which saves two of the four blocks of every short message.

/// A key, ready for use by any thread. Its description is empty.
package final class HMACKey: @unchecked Sendable, CustomStringConvertible {
    // Written in init only; libcrypto reads them while it copies.
    private let inner = DigestContext()
    private let outer = DigestContext()

    private static let blockBytes = 64

    package init(_ secret: [UInt8]) {
        let key = secret.count > Self.blockBytes ? SHA256Digest(of: secret).bytes : secret
        let padded = key + [UInt8](repeating: 0, count: Self.blockBytes - key.count)
        inner.start()
        padded.map { $0 ^ 0x36 }.withUnsafeBytes(inner.add)
        outer.start()
        padded.map { $0 ^ 0x5C }.withUnsafeBytes(outer.add)
    }

    package func authenticate(_ message: [UInt8]) -> SHA256Digest {
        let running = DigestContext()
        running.copy(from: inner)
        message.withUnsafeBytes(running.add)
        let digest = running.finish()
        running.copy(from: outer)
        digest.withBytes(running.add)
        return running.finish()
    }

    package var description: String { "HMACKey(hidden)" }
}
