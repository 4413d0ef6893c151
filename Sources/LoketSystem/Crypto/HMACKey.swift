// HMAC-SHA256 (RFC 2104) with one key. The states after the inner and the outer pad are computed
// once and copied for each message, which saves two of the four blocks of every short message.

/// A key for use by any thread. Its description does not reveal the key.
package final class HMACKey: @unchecked Sendable, CustomStringConvertible {
    // Written only in init; libcrypto reads the states while copying.
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
