// Sends a file or standard input as the body of one request, chunk by chunk, so that it is never
// entirely in memory.

import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

/// A file that is read in chunks.
struct FileUpload: Sendable {
    /// The file's path; nil for standard input.
    let path: String?
    private let descriptor: Int32
    /// The size in bytes; nil for a pipe, whose size is unknown until its end.
    let size: Int64?
    private let sending = Sending()

    private static let chunkBytes = 256 * 1024
    private static let standardInput: Int32 = 0

    /// - Parameter name: A path, or `-` for standard input.
    /// - Throws: `Failure` 2 if the file cannot be opened or is a folder.
    init(_ name: String) throws {
        guard name != "-" else {
            (path, descriptor) = (nil, Self.standardInput)
            size = Self.size(of: descriptor)
            return
        }
        descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.usage, "cannot read \(name): \(String(cString: strerror(errno)))")
        }
        path = name
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(.usage, "cannot read \(name): it is a folder")
        }
        size = Self.size(of: descriptor)
    }

    /// Returns the remaining bytes of a regular file; nil for a pipe.
    private static func size(of descriptor: Int32) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int64(status.st_size) - Int64(max(0, lseek(descriptor, 0, SEEK_CUR)))
    }

    /// Returns the chunks as a body that can be read once. Read errors are `Failure`.
    func body(_ sent: @escaping @Sendable (Int64) -> Void) -> HTTPClientRequest.Body {
        let chunks = AsyncThrowingStream<ByteBuffer, any Error> {
            let chunk = try await next()
            let count = Int64(chunk?.readableBytes ?? 0)
            guard sending.goesOn(with: count, of: size) else { throw CancellationError() }
            if count > 0 { sent(count) }
            return chunk
        }
        return .stream(chunks, length: size.map { .known($0) } ?? .unknown)
    }

    /// Reads on a separate thread, because a pipe may have no data for a long time.
    private func next() async throws -> ByteBuffer? {
        let chunk: Result<ByteBuffer, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: read()) }
        }
        let bytes = try chunk.get()
        return bytes.readableBytes == 0 ? nil : bytes
    }

    private func read() -> Result<ByteBuffer, Failure> {
        var buffer = ByteBuffer()
        var failed: Int32 = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunkBytes) { space in
            while true {
                let count = Foundation.read(descriptor, space.baseAddress, Self.chunkBytes)
                if count >= 0 { return count }
                guard errno == EINTR else {
                    failed = errno
                    return 0
                }
            }
        }
        guard failed == 0 else {
            let reason = String(cString: strerror(failed))
            return .failure(Failure(.no, "cannot read \(path ?? "standard input"): \(reason)"))
        }
        return .success(buffer)
    }
}

// MARK: Ctrl-C

extension FileUpload {
    /// The progress of an upload. The service applies a file that arrives completely. So after
    /// Ctrl-C either the last chunk is not sent, or it was sent and the answer contains the
    /// import's id.
    fileprivate final class Sending: Sendable {
        private struct State {
            var bytes: Int64 = 0
            var isWhole = false
            var isInterrupted = false
        }

        private let state = Mutex(State())

        var isInterrupted: Bool { state.withLock(\.isInterrupted) }

        /// - Parameter count: The size of the next chunk in bytes; 0 at the end.
        /// - Returns: Whether the chunk may be sent.
        func goesOn(with count: Int64, of size: Int64?) -> Bool {
            state.withLock { state in
                guard state.isWhole || !state.isInterrupted else { return false }
                state.bytes += count
                state.isWhole = count == 0 || state.bytes == size
                return true
            }
        }

        /// - Returns: Whether the entire file was sent, and whether this is the first interruption.
        func interrupt() -> (isWhole: Bool, isFirst: Bool) {
            state.withLock { state in
                defer { state.isInterrupted = true }
                return (state.isWhole, !state.isInterrupted)
            }
        }
    }

    /// Whether the user pressed Ctrl-C after the entire file was sent.
    var isInterrupted: Bool { sending.isInterrupted }

    /// - Returns: The message with which the command ends; nil to wait for the service's answer.
    func interrupt() -> String? {
        let (isWhole, isFirst) = sending.interrupt()
        guard isWhole else { return "the file was not sent completely, so no row is applied" }
        guard isFirst else {
            return "the file was sent completely, and the service continues the import. See its "
                + "id: `loket imports list`; stop the import: `loket imports cancel ID`; undo the "
                + "import: `loket imports undo ID`"
        }
        Output.note(
            "the file was sent completely; waiting for the import's id (Ctrl-C again stops that)\n")
        return nil
    }
}
