// HMAC-SHA256 (RFC 2104) with one key. The states after the inner and the outer pad are computed
// once and copied for each message, which saves two of the four blocks of every short message.

/// A key for use by any thread. Its description does not reveal the key.
package struct HMACKey: Sendable, CustomStringConvertible, CustomReflectable {
    private var inner = RunningSHA256()
    private var outer = RunningSHA256()

    private static let blockBytes = 64

    package init(_ secret: [UInt8]) {
        let key = secret.count > Self.blockBytes ? SHA256Digest(of: secret).bytes : secret
        let padded = key + [UInt8](repeating: 0, count: Self.blockBytes - key.count)
        inner.add(padded.map { $0 ^ 0x36 })
        outer.add(padded.map { $0 ^ 0x5C })
    }

    package func authenticate(_ message: [UInt8]) -> SHA256Digest {
        var running = inner
        running.add(message)
        let digest = running.finish()
        running = outer
        digest.withBytes { running.add($0) }
        return running.finish()
    }

    package var description: String { "HMACKey(hidden)" }
    /// Without the states, from which anyone could sign.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
