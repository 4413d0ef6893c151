// SHA-256 over what comes in pieces: a file that is never in memory as a whole.

package final class RunningSHA256 {
    private let context = DigestContext()

    package init() {
        context.start()
    }

    package func add(_ bytes: UnsafeRawBufferPointer) {
        context.add(bytes)
    }

    /// The digest of everything that was added; nothing may be added after it.
    package func finish() -> SHA256Digest { context.finish() }
}
